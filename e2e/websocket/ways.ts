/** The ways to an upstream that must not differ: straight to it, and through `sallyport edge`, in clear and over TLS. */
import { readFileSync, writeFileSync } from 'node:fs'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { bin, type Program, start, temporaryFolder } from '../program.ts'
import { type Peer, type RawPeer, startPeer, startRawPeer } from './peer.ts'

export interface Way {
  readonly name: 'direct' | 'plain' | 'tls'
  /** A connection that keeps its side open behind the other's end. `raw`: to the server of bytes, where the way is direct. */
  readonly connect: (to: 'peer' | 'raw', tls?: ConnectionOptions) => Socket
}

export interface Ways extends AsyncDisposable {
  readonly peer: Peer
  readonly raw: RawPeer
  readonly direct: Way
  readonly throughEdge: readonly Way[]
  readonly tlsPort: number
  readonly plainPort: number
  readonly program: Program
  readonly configure: (settings: Settings) => void
}

/** Of the edge's configuration, as its text. */
export interface Settings {
  readonly bounds?: string
  /** None where absent: an edge without starts sooner. */
  readonly rules?: string
}

/** Paths under `/raw` go to the server of bytes, all others to the WebSocket server. */
export async function openWays(settings: Settings = {}): Promise<Ways> {
  const [peer, raw] = await Promise.all([startPeer(), startRawPeer()])
  const folder = temporaryFolder()
  const file = join(folder, 'sallyport.yaml')
  const configure = ({ bounds = '', rules = '[]' }: Settings): void =>
    writeFileSync(
      file,
      `version: 1
data: ./data
listeners: [{ name: public, listen: 127.0.0.1:0 }, { name: plain, listen: 127.0.0.1:0, tls: false }]
upstreams: { peer: { url: http://127.0.0.1:${peer.port} }, raw: { url: http://127.0.0.1:${raw.port} } }
routes: [{ match: { path: /raw/ }, upstream: raw }, { upstream: peer }]
bounds: { connectionsPerAddressMax: 10000${bounds} }
rules: ${rules}
`,
    )
  configure(settings)
  const program = start([bin, 'edge', '--config', file])
  const [[, tls], [, plain]] = await Promise.all([
    program.line(/^ready public https:.*:(\d+)$/),
    program.line(/^ready plain http:.*:(\d+)$/),
  ])
  const ca = readFileSync(join(folder, 'data', 'development-cert.pem'))
  const host = '127.0.0.1'
  const open = { host, allowHalfOpen: true, noDelay: true } as const
  return {
    peer,
    raw,
    program,
    configure,
    direct: { name: 'direct', connect: (to) => connectTcp({ ...open, port: (to === 'peer' ? peer : raw).port }) },
    throughEdge: [
      { name: 'plain', connect: () => connectTcp({ ...open, port: Number(plain) }) },
      {
        name: 'tls',
        connect: (_, own) => connectTls({ ...open, port: Number(tls), ca, servername: 'localhost', ...own }),
      },
    ],
    tlsPort: Number(tls),
    plainPort: Number(plain),
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      await Promise.all([peer, raw].map((one) => one[Symbol.asyncDispose]()))
    },
  }
}
