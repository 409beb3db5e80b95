/** What an upstream is to the stages: requests go to it, answers come from it. upstream/connect.ts makes one. */
import type { Duplex } from 'node:stream'

export interface UpstreamRequest {
  readonly method: string
  readonly target: string
  /** Name, value, …, latin1: sent as they are, with `Host` among them. */
  readonly headers: readonly string[]
  /** All of it, or a source of it; null: the message has none, and no field says that it had. */
  readonly body: Buffer | RequestBody | null
  /** The protocol that the connection should be switched to (RFC 9110 §7.8); such a request has no body. */
  readonly upgrade?: string | null
}

/** Where the bytes of a body go. `data` says whether there is room for more; what was given is taken either way. */
export interface BodySink {
  readonly data: (chunk: Buffer) => boolean
  readonly end: () => void
  /** It broke off, and is not to be taken for whole. */
  readonly failed: () => void
}

/** A body on its way from somewhere else, in the shape in which answers give theirs. Nothing is asked of it before the connection stands. */
export interface RequestBody {
  /** Bytes in all, as the request's `Content-Length` says; null: nobody knows yet, and it is sent in chunks (RFC 9112 §7.1). */
  readonly length: number | null
  /** Begins to give, at once or later. Called once, or never. */
  readonly read: (sink: BodySink) => void
  /** The sink has room again. */
  readonly resume: () => void
  /** Nobody takes any more of it. Its sink is told nothing from now on. */
  readonly stop: () => void
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

/** Why no answer came. `refused`: no connection stood, or it broke, or what came is no answer. `late`: time ran out. `busy`: all connections
 *  were in use for too long, and nothing was sent. */
export type UpstreamErrorKind = 'refused' | 'late' | 'busy'

/** No answer came. The message says no more than Node or the parser says: no field, no body. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly kind: UpstreamErrorKind
  constructor(kind: UpstreamErrorKind, cause: Error) {
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
