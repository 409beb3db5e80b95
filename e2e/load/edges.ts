/** Edges as processes, each in a folder of its own with its configuration and certificate. */
import { execFileSync } from 'node:child_process'
import { mkdtempDisposableSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin, type Program, start, temporaryFolder } from '../program.ts'

export interface LoadedEdge extends AsyncDisposable {
  readonly program: Program
  readonly url: (name: string) => string
  readonly admin: string
  /** Another pair in place of its certificate, to be seen at the next change. */
  readonly replaceCertificate: (pair: Pair) => void
  /** Writes the configuration and asks for it; resolves when the edge says that it holds. Throws where it is refused. */
  readonly change: (configuration: string) => Promise<void>
}

export interface Parts {
  readonly upstream: string
  readonly listeners?: readonly string[]
  readonly rules?: string
  readonly bounds?: string
}

/** A listener with TLS and one without; `listeners`: others, as they are written. */
export function configurationOf({ upstream, listeners = [], rules = '{ use: core }', bounds = '' }: Parts): string {
  const own = ['{ name: public, listen: 127.0.0.1:0 }', '{ name: plain, listen: 127.0.0.1:0, tls: false }']
  return `version: 1
admin: { listen: 127.0.0.1:0 }
log: { decisions: decisions.ndjson }
certificates: [{ hosts: [localhost], cert: cert.pem, key: key.pem }]
listeners: [${[...own, ...listeners].join(', ')}]
upstreams: { api: { url: ${upstream} } }
routes: [{ upstream: api }]
rules: [${rules}]
bounds: { connectionsPerAddressMax: 10000, ${bounds} }
`
}

/** PEM. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

export function makePair(): Pair {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'sallyport-'))
  const [cert, key] = [join(folder.path, 'cert.pem'), join(folder.path, 'key.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

/** As a program that renews certificates does: a reader finds the old file or the new one. */
function putInPlace(folder: string, pair: Pair): void {
  for (const name of ['key', 'cert'] as const) {
    const file = join(folder, `${name}.pem`)
    writeFileSync(`${file}.new`, pair[name])
    renameSync(`${file}.new`, file)
  }
}

export async function startEdge(
  configuration: string,
  pair: Pair,
  options: readonly string[] = [],
): Promise<LoadedEdge> {
  const folder = temporaryFolder()
  const file = join(folder, 'sallyport.yaml')
  putInPlace(folder, pair)
  writeFileSync(file, configuration)
  const program = start([...options, bin, 'edge', '--config', file])
  const [, admin = ''] = await program.line(/^admin (\S+)$/)
  await program.line(/^ready plain /)
  const addresses = program.err.flatMap((line) => {
    const [, name = '', url = ''] = /^ready (\S+) (\S+)$/.exec(line) ?? []
    return name === '' ? [] : [[name, url] as const]
  })
  let changes = 0
  return {
    program,
    admin,
    url: (name) => new Map(addresses).get(name) ?? '',
    replaceCertificate: (next) => putInPlace(folder, next),
    async change(next) {
      writeFileSync(file, next)
      changes++
      program.process.kill('SIGHUP')
      await program.times(/^reload/, changes)
      if (program.err.some((line) => line.startsWith('reload refused'))) throw new Error(program.err.join('\n'))
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  }
}
