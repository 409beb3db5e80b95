/** One request and its answer as the stages see them, whichever version of HTTP carries them: http1/ and http2/ hand them over. */
import type { Readable } from 'node:stream'

/** A request's head as it was sent, and where its body comes from. */
export interface Incoming {
  readonly version: HttpVersion
  readonly method: string
  /** Latin1: one character is one byte. */
  readonly target: string
  /** Name, value, name, value …, as sent, latin1. */
  readonly rawHeaders: readonly string[]
  /** What the client says that it speaks, where its protocol has it say so: `:scheme` (RFC 9113 §8.3.1). */
  readonly saidScheme: string | null
  /** Whether a body belongs to the message, be it of no bytes. */
  readonly hasBody: boolean
  readonly body: Readable
  /** Whether the body came to the end that its framing announced. To be asked once `body` has ended. */
  readonly isWhole: () => boolean
  /** Whose connection it came on. */
  readonly socket: Peers
}

/** `2.0` is HTTP/2, never a request line that says so: what is written there and is not spoken is `other`. */
export type HttpVersion = '0.9' | '1.0' | '1.1' | '2.0' | 'other'

/** The two ends of a connection; what is undefined is a Unix socket's, or gone already. */
export interface Peers {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly encrypted?: boolean
}

/** Where the answer goes. All of it may be called at any time: what comes too late is left out. */
export interface Outgoing {
  /** Whether its head is out. */
  readonly begun: boolean
  /** Whether its last byte has been given. */
  readonly ended: boolean
  /** Whether it can reach the client no more. */
  readonly gone: boolean
  /** Says 100 to a client that waits for it (RFC 9110 §10.1.1). */
  readonly sendContinue: () => void
  /** Says 103 (RFC 8297), where the client's version of HTTP has such answers. */
  readonly sendHints: (fields: readonly string[]) => void
  /** Gives the head, which may wait for the first bytes of the body. Throws for a field that no message may hold (RFC 9110 §5.5). */
  readonly sendHead: (status: number, statusText: string, fields: string[]) => void
  /** Sends a head that waits. */
  readonly flushHead: () => void
  /** False: wait for `onDrain`. */
  readonly write: (chunk: Buffer) => boolean
  readonly end: (chunk?: Buffer | string) => void
  /** Ends it so that the client sees that it is not whole. */
  readonly cut: () => void
  /** Nothing more can be read behind this request: the connection ends with its answer. */
  readonly isLast: () => void
  readonly onDrain: (then: () => void) => void
  /** `then` is called once the client has the whole answer, or is gone. */
  readonly onClose: (then: () => void) => void
}
