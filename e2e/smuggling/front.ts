/** What stands under test between the clients and the strict upstream: the edge as a process, or a proxy of a test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, checkout, temporaryFolder } from '../program.ts'
import type { DecisionLine } from './judge.ts'

export interface FrontEvents {
  readonly onDecision: (line: DecisionLine) => void
  /** The front says that something is wrong with itself, or has ended. */
  readonly onTrouble: (what: string) => void
}

/** What the clients speak. */
export type ProtocolName = 'http/1.1' | 'h2'

/** Where clients go. */
export interface Door {
  /** On 127.0.0.1. */
  readonly port: number
  /** TLS. */
  readonly secure: boolean
}

export interface Front extends Door, AsyncDisposable {
  /** False once it has ended by itself. */
  readonly alive: () => boolean
}

export type StartFront = (upstreamOrigin: string, events: FrontEvents) => Promise<Front>

/** `sallyport edge`, without its rules: they judge what is left when framing is, and would leave the rest untried. HTTP/1.1 comes
 *  in clear, HTTP/2 under TLS, where the edge offers it. `nodeFlags` say how it is loaded (faults.ts). */
export function edgeFront(protocol: ProtocolName, nodeFlags: readonly string[] = []): StartFront {
  return (origin, events) => startEdge(configuration(origin, protocol, 'rules: []'), events, nodeFlags)
}

/** `sallyport edge` with its rules. */
export function edgeWithRules(protocol: ProtocolName): StartFront {
  return (origin, events) => startEdge(configuration(origin, protocol, ''), events, [])
}

/** Last lines of the edge's standard error that a report shows. */
const saidLinesMax = 20

/** The clients of a campaign all come from one address. */
const configuration = (origin: string, protocol: ProtocolName, rules: string): string => `version: 1
data: data
listeners: [{ name: public, listen: 127.0.0.1:0, tls: ${protocol === 'h2'} }]
upstreams: { api: { url: ${origin} } }
routes: [{ upstream: api }]
bounds: { connectionsPerAddressMax: 10000 }
${rules}
`

async function startEdge(text: string, events: FrontEvents, nodeFlags: readonly string[]): Promise<Front> {
  const file = join(temporaryFolder(), 'sallyport.yaml')
  writeFileSync(file, text)
  const child = spawn(process.execPath, [...nodeFlags, bin, 'edge', '--config', file], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let disposed = false
  let alive = true
  const said: string[] = []
  const port = Promise.withResolvers<number>()
  eachLine(child.stdout, (line) => events.onDecision(JSON.parse(line)))
  eachLine(child.stderr, (line) => {
    const ready = /^ready public https?:\/\/127\.0\.0\.1:(\d+)$/.exec(line)
    if (ready !== null) port.resolve(Number(ready[1]))
    else if (said.push(line) > saidLinesMax) said.shift()
    if (line.startsWith('decision log:')) events.onTrouble(line)
  })
  child.once('close', (code) => {
    alive = false
    port.reject(new Error(`the edge ended with ${code} before it was ready`))
    if (!disposed) events.onTrouble(`it ended with ${code}: ${said.join('\n')}`)
  })
  return {
    port: await port.promise,
    secure: text.includes('tls: true'),
    alive: () => alive,
    async [Symbol.asyncDispose]() {
      disposed = true
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** By hand, since a long run reads millions of lines. */
function eachLine(stream: ChildProcess['stdout'], take: (line: string) => void): void {
  let rest = ''
  stream?.setEncoding('latin1').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}
