/** For tests: an upstream of bytes that does what a test says, and a client to it. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Answer, RequestBody, Upstream, UpstreamRequest, UpstreamSettings } from '../upstream.ts'
import { connectUpstream } from './connect.ts'

export interface Asked {
  readonly socket: Socket
  /** Which connection this is, from 0. */
  readonly connection: number
  /** Latin1, from the request line on; of a body, what came with the head. */
  readonly bytes: string
}

export interface Scripted extends AsyncDisposable {
  readonly origin: string
  readonly upstream: Upstream
  readonly server: Server
  /** All requests so far; and the next that is not yet taken. */
  readonly asked: readonly Asked[]
  readonly next: () => Promise<Asked>
  readonly connections: () => number
}

export interface Script {
  /** Called for each request whose head has come; absent: they wait in `next`. */
  readonly answer?: (asked: Asked) => void
  readonly settings?: Partial<UpstreamSettings>
  readonly tls?: TlsOptions
}

export const okAnswer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

export async function scripted({ answer, settings, tls }: Script = {}): Promise<Scripted> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const waiting: (() => void)[] = []
  let connections = 0
  let taken = 0
  const onSocket = (socket: Socket): void => {
    const connection = connections++
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      const one = { socket, connection, bytes: chunk.toString('latin1') }
      // What follows a head is a body on its way.
      if (!one.bytes.includes(' HTTP/1.1\r\n')) return
      asked.push(one)
      for (const wake of waiting.splice(0)) wake()
      answer?.(one)
    })
  }
  const server: Server = tls === undefined ? createServer(onSocket) : createTlsServer(tls, onSocket)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`
  const upstream = connectUpstream(origin, settings)
  return {
    origin,
    upstream,
    server,
    asked,
    async next() {
      while (asked.length <= taken) await new Promise<void>((wake) => waiting.push(wake))
      return asked[taken++] as Asked
    },
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      await upstream.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const never: AbortSignal = new AbortController().signal

export function get(target = '/', more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return { method: 'GET', target, headers: ['Host', 'a'], body: null, ...more }
}

/** The whole body, latin1; rejects where it breaks off. */
export async function bodyOf(answer: Answer): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = ''
    answer.read({
      data(chunk) {
        text += chunk.toString('latin1')
        return true
      },
      end: () => resolve(text),
      failed: () => reject(new Error('broke off')),
    })
  })
}

/** The status and the body of an answer. */
export async function ask(upstream: Upstream, request: UpstreamRequest = get()): Promise<readonly [number, string]> {
  const answer = await upstream.send(request, never)
  return [answer.status, await bodyOf(answer)]
}

/** A body that a test gives piece by piece. */
export interface GivenBody extends RequestBody {
  readonly data: (text: string) => boolean
  readonly end: () => void
  readonly failed: () => void
  /** Resolves when somebody reads it; when it has room again; when nobody takes any more. */
  readonly begun: Promise<void>
  readonly resumed: () => Promise<void>
  readonly stopped: Promise<void>
}

export function givenBody(length: number | null): GivenBody {
  const begun = Promise.withResolvers<Parameters<RequestBody['read']>[0]>()
  const stopped = Promise.withResolvers<void>()
  let resumed = Promise.withResolvers<void>()
  let sink: Parameters<RequestBody['read']>[0] | undefined
  return {
    length,
    read(to) {
      sink = to
      begun.resolve(to)
    },
    resume: () => resumed.resolve(),
    stop: () => stopped.resolve(),
    data: (text) => sink?.data(Buffer.from(text, 'latin1')) ?? false,
    end: () => sink?.end(),
    failed: () => sink?.failed(),
    begun: begun.promise.then(() => undefined),
    async resumed() {
      await resumed.promise
      resumed = Promise.withResolvers()
    },
    stopped: stopped.promise,
  }
}
