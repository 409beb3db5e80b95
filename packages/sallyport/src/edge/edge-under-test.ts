/** For tests: an edge over real sockets, an upstream that tells what arrived, and a client that sends bytes as they are. */
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { certificateStore } from '../certificates/store.ts'
import type { NamedRuleSet } from '../waf/judge.ts'
import { defaultBounds, type EdgeBounds, headerBytesMax } from './bounds.ts'
import type { DecisionRecord } from './decision-log.ts'
import type { StandardSink } from './decision-output.ts'
import { developmentCertificate } from './development-certificate.ts'
import { streamSink } from './log-sink.ts'
import { type Edge, startEdge } from './server.ts'
import { emptySnapshot, type ListenerPlan, type Route, routeAll, type Snapshot } from './snapshot.ts'
import { tlsOptions } from './tls-profile.ts'
import { connectUpstream } from './upstream/connect.ts'
import type { Upstream, UpstreamSettings } from './upstream.ts'

export interface EdgeUnderTest extends AsyncDisposable {
  readonly edge: Edge
  readonly snapshot: Snapshot
  readonly url: string
  readonly port: number
  readonly log: readonly DecisionRecord[]
  readonly faults: readonly unknown[]
  /** Resolves with the record of the given place in the log, as soon as it is there. */
  readonly logged: (index: number) => Promise<DecisionRecord>
  /** Opens a connection of one's own, which trusts the edge's certificate. */
  readonly connect: (options?: ConnectionOptions) => Socket
  /** Sends latin1 bytes, waits until the edge closes, gives all that came back (latin1). */
  readonly talk: (bytes: string) => Promise<string>
  readonly stop: () => Promise<void>
}

export interface Setting {
  readonly origin: string
  readonly plain?: boolean
  readonly path?: string
  readonly ruleSets?: readonly NamedRuleSet[]
  readonly bounds?: Partial<EdgeBounds>
  readonly body?: Partial<Pick<Route, 'inspectBytesMax' | 'over' | 'encoded' | 'answerInspectBytesMax'>>
  readonly upstreamTimes?: Partial<UpstreamSettings>
  readonly serves?: ListenerPlan['serves']
  readonly trusts?: ListenerPlan['trusts']
  readonly answerChallenge?: Snapshot['answerChallenge']
  readonly takesDecision?: Snapshot['takesDecision']
}

/** One certificate for all tests of a process: making one takes longer than a test. */
const certificate = developmentCertificate(await temporaryFolder())

export async function edgeUnderTest(setting: Setting): Promise<EdgeUnderTest> {
  const log: DecisionRecord[] = []
  const faults: unknown[] = []
  const waiting: (() => void)[] = []
  const upstream: Upstream = connectUpstream(setting.origin, setting.upstreamTimes)
  const pair = setting.plain === true ? null : await certificate
  const snapshot: Snapshot = {
    ...emptySnapshot,
    listeners: [
      {
        name: 'public',
        listen: { kind: 'tcp', host: '127.0.0.1', port: 0 },
        tls: pair !== null,
        serves: setting.serves ?? 'api',
        trusts: setting.trusts ?? (() => false),
      },
    ],
    certificates: certificateStore(
      pair === null ? [] : [{ hosts: ['localhost'], ...pair, certName: 'cert.pem', keyName: 'key.pem' }],
      tlsOptions,
    ),
    routes: [{ ...routeAll(upstream, setting.path), ...setting.body }],
    ruleSets: setting.ruleSets ?? [],
    bounds: { ...defaultBounds, ...setting.bounds },
    answerChallenge: setting.answerChallenge ?? (() => null),
    takesDecision: setting.takesDecision ?? (() => true),
  }
  const edge = await startEdge({
    snapshot,
    log(record) {
      log.push(record)
      for (const wake of waiting.splice(0)) wake()
    },
    onFault: (error) => faults.push(error),
  })
  const url = edge.ready()[0]?.url ?? ''
  const port = Number(new URL(url).port)
  const connect = (options: ConnectionOptions = {}): Socket =>
    pair === null
      ? connectTcp({ port, host: '127.0.0.1' })
      : connectTls({ port, host: '127.0.0.1', ca: pair.cert, servername: 'localhost', ...options })
  const stop = async (): Promise<void> => {
    await edge.stop()
    await upstream.close()
  }
  return {
    edge,
    snapshot,
    url,
    port,
    log,
    faults,
    async logged(index) {
      while (log.length <= index) await new Promise<void>((wake) => waiting.push(wake))
      return log[index] as DecisionRecord
    },
    connect,
    async talk(bytes) {
      const socket = connect()
      socket.write(bytes, 'latin1')
      return await untilClosed(socket)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** All that arrives on a socket until the other side closes it, latin1. */
export async function untilClosed(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => socket.destroy())
  await once(socket, 'close')
  return text
}

/** Waits until the text that arrived so far satisfies `enough`; leaves the socket open. */
export async function until(socket: Socket, enough: (text: string) => boolean): Promise<string> {
  let text = ''
  socket.setEncoding('latin1')
  while (!enough(text)) text += String((await once(socket, 'data'))[0])
  return text
}

export interface Arrived {
  readonly method: string
  readonly url: string
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface UpstreamUnderTest extends AsyncDisposable {
  readonly origin: string
  readonly server: Server
  /** Requests that arrived whole, in order. */
  readonly arrived: readonly Arrived[]
}

/** Notes each whole request, then answers by `answer` (200 with an empty body where none is given). */
export async function upstreamUnderTest(
  answer: RequestListener = (_, response) => response.end(),
): Promise<UpstreamUnderTest> {
  const arrived: Arrived[] = []
  return await listening(arrived, (request, response) => {
    const note = (body: Buffer): void => {
      arrived.push({ method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders, body })
      answer(request, response)
    }
    bodyOf(request).then(note, () => response.destroy()) // broken off: it never arrived whole
  })
}

/** An upstream that answers as soon as the head is there; it notes nothing. */
export async function hastyUpstream(answer: RequestListener): Promise<UpstreamUnderTest> {
  return await listening([], answer)
}

async function listening(arrived: readonly Arrived[], listener: RequestListener): Promise<UpstreamUnderTest> {
  const server = createServer({ maxHeaderSize: 2 * headerBytesMax }, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    server,
    arrived,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
}

/** A stream in place of standard output. */
export function sinkOf(stream: Writable): StandardSink {
  return (onSettled) => streamSink(stream, 'out', onSettled)
}

/** A folder that is gone when the process ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
