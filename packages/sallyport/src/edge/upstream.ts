/** The client towards an upstream: one interface, undici behind it, so that a faster client may follow. */
import type { Duplex } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import {
  answerSilenceMaxMs,
  answerTimeMaxMs,
  connectTimeMaxMs,
  headerBytesMax,
  upstreamConnectionsMax,
} from './bounds.ts'

export interface UpstreamRequest {
  readonly method: string
  readonly target: string
  readonly headers: string[]
  readonly body: Buffer | null
  /** The protocol that the connection should be switched to (RFC 9110 §7.8); such a request has no body. */
  readonly upgrade?: string | null
}

/** Where the body of an answer goes. `data` says whether there is room for more. */
export interface BodySink {
  readonly data: (chunk: Buffer) => boolean
  readonly end: () => void
  readonly failed: () => void
}

/** The head of an answer; its body waits, unread, until `read` is called. */
export interface Answer {
  readonly status: number
  readonly statusText: string
  /** Name, value, …, latin1, as the upstream sent them. */
  readonly headers: readonly string[]
  readonly read: (sink: BodySink) => void
  /** The sink has room again. */
  readonly resume: () => void
  /** Of a 101 alone: the connection, which is the caller's to end from now on. Its first bytes wait to be read. */
  readonly socket: Duplex | null
}

/** No answer came: `refused` before a connection stood or when it broke, `late` when time ran out. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly kind: 'refused' | 'late'
  constructor(kind: 'refused' | 'late', cause: Error) {
    super(cause.message, { cause })
    this.kind = kind
  }
}

export type OnHints = (headers: readonly string[]) => void

export interface Upstream {
  /** Sends one request; resolves at the answer's head. Rejects with `UpstreamError` alone. `signal` ends it at any time.
   *  `onHints` is given the fields of each 103 on the way (RFC 8297). */
  readonly send: (request: UpstreamRequest, signal: AbortSignal, onHints?: OnHints) => Promise<Answer>
  /** Ends all connections, those in use too. */
  readonly close: () => Promise<void>
}

/** How an upstream is reached, and how long it may take, in milliseconds. */
export interface UpstreamSettings {
  readonly connectMs: number
  readonly answerMs: number
  /** Of an answer that has begun. */
  readonly silenceMs: number
  readonly connectionsMax: number
  /** Null: as Node verifies any server. */
  readonly tls: UpstreamTls | null
}

/** For `https:`; PEM. Null: the public roots, the host of the origin, no client certificate. */
export interface UpstreamTls {
  readonly ca: string | null
  readonly serverName: string | null
  readonly client: { readonly cert: string; readonly key: string } | null
}

const defaults: UpstreamSettings = {
  connectMs: connectTimeMaxMs,
  answerMs: answerTimeMaxMs,
  silenceMs: answerSilenceMaxMs,
  connectionsMax: upstreamConnectionsMax,
  tls: null,
}

/** A pool of connections to one origin (`http://host:port`); nothing is dialled before the first request. */
export function connectUpstream(origin: string, settings: Partial<UpstreamSettings> = {}): Upstream {
  const { connectMs, answerMs, silenceMs, connectionsMax, tls } = { ...defaults, ...settings }
  const pool = new Pool(origin, {
    connections: connectionsMax,
    pipelining: 1,
    connect: { timeout: connectMs, ...(tls === null ? {} : tlsOf(tls)) },
    headersTimeout: answerMs,
    bodyTimeout: silenceMs,
    maxHeaderSize: headerBytesMax,
  })
  return {
    send: (request, signal, onHints = ignored) =>
      new Promise((resolve, reject) => {
        const options = {
          path: request.target,
          method: request.method as Dispatcher.HttpMethod,
          headers: request.headers,
          body: request.body,
          upgrade: request.upgrade ?? null,
        }
        pool.dispatch(options, exchange(signal, onHints, resolve, reject))
      }),
    close: () => pool.destroy(),
  }
}

function tlsOf({ ca, serverName, client }: UpstreamTls) {
  return {
    ...(ca === null ? {} : { ca }),
    ...(serverName === null ? {} : { servername: serverName }),
    ...client,
  }
}

/** One request's conversation with the pool. Pauses at the head, so that no byte of a body comes before its sink. */
function exchange(
  signal: AbortSignal,
  onHints: OnHints,
  resolve: (answer: Answer) => void,
  reject: (error: UpstreamError) => void,
): Dispatcher.DispatchHandler {
  let sink: BodySink | null = null
  let done: 'whole' | 'broken' | null = null
  return {
    onRequestStart(controller) {
      const abort = (): void => controller.abort(new Error('the client went away'))
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
    },
    onResponseStart(controller, status, _headers, statusText) {
      if (status === earlyHints) onHints(latin1Headers(controller.rawHeaders))
      if (status < firstFinalStatus) return
      controller.pause()
      resolve({
        status,
        statusText: statusText ?? '',
        socket: null,
        headers: latin1Headers(controller.rawHeaders),
        read(to) {
          sink = to
          if (done === 'whole') to.end()
          else if (done === 'broken') to.failed()
          else controller.resume()
        },
        resume: () => controller.resume(),
      })
    },
    onRequestUpgrade(controller, status, _headers, socket) {
      // The socket is no longer the pool's: whoever left before this point is told so by nobody else.
      if (signal.aborted) socket.destroy()
      const headers = latin1Headers(controller.rawHeaders)
      resolve({ status, statusText: '', headers, socket, read: nothing, resume: nothing })
    },
    onResponseData(controller, chunk) {
      if (sink?.data(chunk) === false) controller.pause()
    },
    onResponseEnd() {
      done = 'whole'
      sink?.end()
    },
    onResponseError(_controller, error) {
      done = 'broken'
      sink?.failed()
      reject(new UpstreamError(isLate(error) ? 'late' : 'refused', error))
    },
  }
}

/** 1xx answers announce; the final one follows (RFC 9110 §15.2). */
const firstFinalStatus = 200
const earlyHints = 103

const ignored: OnHints = () => undefined
const nothing = (): void => undefined

function isLate(error: Error & { code?: string }): boolean {
  return error.code === 'UND_ERR_CONNECT_TIMEOUT' || error.code === 'UND_ERR_HEADERS_TIMEOUT'
}

function latin1Headers(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
}
