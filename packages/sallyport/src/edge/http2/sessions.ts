/** The HTTP/2 side of a listener: connections on which HTTP/2 was agreed, and their streams. Node (nghttp2) frames; what it does not
 *  bound by itself is bounded here. */
import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { connectionsCheckEveryMs, type EdgeBounds, http2ConnectionWindowBytesMax, lingerTimeMaxMs } from '../bounds.ts'
import type { Incoming, Outgoing } from '../message.ts'
import { Http2Answer } from './answer.ts'
import { http2Head } from './head.ts'
import { sessionOptions } from './session-options.ts'
import { watchedSocket } from './watched-socket.ts'

const { NGHTTP2_FLAG_END_STREAM } = constants

export interface Http2Settings {
  readonly bounds: EdgeBounds
  /** Gives what ends the request from outside, as long as its body comes. */
  readonly onRequest: (incoming: Incoming, outgoing: Outgoing) => AbortController
}

/** What fails before there is a request, or before all of it is there: told once, to whoever decides on it. */
export interface Http2Failures {
  /** A connection whose frames cannot be read, or that asks for nothing. */
  readonly onBroken: (socket: TLSSocket) => void
  /** A request that takes too long to come. */
  readonly onLate: (broken: AbortController) => void
}

export interface Http2Sessions {
  readonly watch: (failures: Http2Failures) => void
  readonly take: (socket: TLSSocket) => void
  /** Tells clients to go elsewhere with their next requests; those in flight are answered. To be called until none is left. */
  readonly endIdle: () => void
}

/** What is known of one connection; times in milliseconds on the monotonic clock. */
interface Connection {
  readonly session: ServerHttp2Session
  readonly socket: TLSSocket
  /** By their number, from their first frame to their last. */
  readonly streams: Map<number, Streaming>
  /** When a request last began or ended here. */
  usedAt: number
  /** Whether any request came. */
  asked: boolean
  /** When the client was told that the connection ends; null: not yet. */
  leftAt: number | null
}

interface Streaming {
  readonly stream: ServerHttp2Stream
  /** Null: not yet begun. */
  request: { readonly startedAt: number; readonly broken: AbortController; readonly body: Readable } | null
}

export function http2Sessions({ bounds, onRequest }: Http2Settings): Http2Sessions {
  let failures: Http2Failures = { onBroken: (socket) => socket.destroy(), onLate: (broken) => broken.abort() }
  const connections = new Set<Connection>()
  let sweep: NodeJS.Timeout | null = null

  const take = (socket: TLSSocket): void => {
    // Not in the turn that found it: the frame that says so may be on its way out.
    const end = (code: number): void =>
      void setImmediate(() => session.destroy(new Error(`a rule of HTTP/2 is broken (${code})`), code))
    const streams: Connection['streams'] = new Map()
    const watched = watchedSocket(socket, {
      ofConnection: end,
      ofStream: (id, code) => {
        const stream = streams.get(id)?.stream
        if (stream === undefined) end(code)
        else stream.close(code)
      },
    })
    const session = performServerHandshake(watched, sessionOptions(bounds)) as ServerHttp2Session
    session.setLocalWindowSize(http2ConnectionWindowBytesMax)
    const connection: Connection = { session, socket, streams, usedAt: now(), asked: false, leftAt: null }
    connections.add(connection)
    sweep ??= setInterval(() => sweepAll(connections, bounds, failures), connectionsCheckEveryMs)
    session.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') failures.onBroken(socket)
    })
    session.on('stream', (stream, _headers, flags, raw) => onStream(connection, stream, flags, raw))
    socket.once('close', () => {
      connections.delete(connection)
      if (connections.size > 0 || sweep === null) return
      clearInterval(sweep)
      sweep = null
    })
  }

  const onStream = (connection: Connection, stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void => {
    connection.usedAt = now()
    connection.asked = true
    // A reset is an event of the client's, not a fault; `close` tells of it.
    stream.on('error', () => undefined)
    const streaming: Streaming = { stream, request: null }
    const { id = 0 } = stream
    connection.streams.set(id, streaming)
    stream.once('close', () => {
      connection.streams.delete(id)
      connection.usedAt = now()
    })
    // A stream that is reset in the read that began it costs no more than this (CVE-2023-44487).
    setImmediate(() => {
      if (stream.destroyed || stream.closed) return
      const incoming = incomingOf(stream, flags, raw, connection.socket)
      const broken = onRequest(incoming, new Http2Answer(stream, incoming.method === 'HEAD'))
      streaming.request = { startedAt: now(), broken, body: incoming.body }
    })
  }

  return {
    watch(all) {
      failures = all
    },
    take,
    endIdle() {
      for (const connection of connections) leave(connection)
    },
  }
}

function incomingOf(stream: ServerHttp2Stream, flags: number, raw: readonly string[], socket: TLSSocket): Incoming {
  const { method, target, scheme, rawHeaders } = http2Head(raw)
  return {
    version: '2.0',
    method,
    target,
    rawHeaders,
    saidScheme: scheme,
    hasBody: (flags & NGHTTP2_FLAG_END_STREAM) === 0,
    body: stream,
    // A stream that is reset, be it with NO_ERROR, ends too: Node says `end` of it.
    isWhole: () => !stream.aborted && !stream.closed,
    socket,
  }
}

/** Says GOAWAY (RFC 9113 §6.8): streams that are open are answered, the client repeats elsewhere what it sent since. The notice
 *  that would come before, refusing nothing, cannot be sent: behind it nghttp2 reads no more. */
function leave(connection: Connection): void {
  const { session, socket, streams, leftAt } = connection
  if (leftAt === null) {
    connection.leftAt = now()
    session.close()
  } else if (streams.size === 0 && now() - leftAt > lingerTimeMaxMs) socket.destroy()
}

/** Ends connections that ask for nothing and requests that take too long. `session.setTimeout` would not: any frame renews it. */
function sweepAll(connections: ReadonlySet<Connection>, bounds: EdgeBounds, failures: Http2Failures): void {
  for (const connection of connections) {
    const { session, streams, socket, asked, usedAt } = connection
    for (const { request } of streams.values()) {
      if (request === null || now() - request.startedAt <= bounds.requestTimeMax) continue
      if (!request.body.readableEnded) failures.onLate(request.broken)
    }
    if (streams.size > 0) continue
    const idleMs = now() - usedAt
    if (!asked && idleMs > bounds.headerTimeMax) {
      failures.onBroken(socket)
      session.destroy()
    } else if (idleMs > bounds.idleTimeMax) leave(connection)
  }
}

function now(): number {
  return performance.now()
}
