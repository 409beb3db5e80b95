/** `sallyport edge` as an operator starts it, with a CRS release for its rules, and what it has logged. */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bin, type Program, start, temporaryFolder } from '../../../e2e/program.ts'
import { testSetup } from '../engine.ts'

/** What a line of the decision log says that tests are held against. */
export interface DecisionLine {
  readonly id: string
  readonly verdict: string
  readonly reason: string | null
  readonly rules: readonly number[]
}

export interface Edge extends AsyncDisposable {
  readonly port: number
  /** Ends the edge: then all lines are here. */
  readonly end: () => Promise<ReadonlyMap<string, DecisionLine>>
}

const configuration = (origin: string, crs: string): string => `version: 1
listeners: [{ name: public, listen: 127.0.0.1:0, tls: false }]
upstreams: { api: { url: ${origin} } }
routes: [{ upstream: api, response: { inspect: true } }]
rules: [{ use: crs, dir: ${JSON.stringify(resolve(crs))}, profile: stock, mode: detect, before: [set-up.conf] }]
bounds: { connectionsPerAddressMax: 10000 }
`

export async function startEdge(upstreamOrigin: string, crs: string): Promise<Edge> {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'set-up.conf'), testSetup)
  const file = join(folder, 'sallyport.yaml')
  writeFileSync(file, configuration(upstreamOrigin, crs))
  const program: Program = start([bin, 'edge', '--config', file])
  const [, port] = await program.line(/^ready public http:\/\/127\.0\.0\.1:(\d+)$/)
  return {
    port: Number(port),
    async end() {
      program.process.kill('SIGTERM')
      await program.exit
      const lines = program.out.map((line): DecisionLine => JSON.parse(line))
      return new Map(lines.map((line) => [line.id, line]))
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  }
}
