/** Every hard maximum on hostile input at the edge, in one place: unit in the name, the attack it stops, the status it
 *  causes. "Limit" is never said here: a limit is a rate limit. */

const KiB = 1024
const second = 1000

/** An endless header section (CWE-770): bytes of request line plus fields. Over it: 431 (RFC 6585 §5), reason `protocol`. */
export const headerBytesMax: number = 64 * KiB

/** Thousands of tiny fields, each dear to store and to scan. Over it: 431, reason `protocol`. Node would drop the rest in silence. */
export const headerFieldsMax = 200

/** A header section sent a byte at a time (Slowloris). Over it: 408 (RFC 9110 §15.5.9), at most one check later. */
export const headerTimeMaxMs: number = 7 * second

/** A TLS handshake that never ends. Over it: the connection is closed, there is nobody to answer yet. */
export const handshakeTimeMaxMs: number = 8 * second

/** A request that takes for ever, body included: a total, so it leaves honest uploads their time. Over it: 408. */
export const requestTimeMaxMs: number = 120 * second

/** How often Node looks for connections over their time; its own default of 30 s would make the times above a fiction. */
export const connectionsCheckEveryMs: number = second

/** Requests sent ahead of their answers on one connection, the one being served included (RFC 9112 §9.3.2). What is over it is never
 *  begun: the connection ends behind the last of them, and its client asks again. */
export const pipelinedRequestsMax = 32

/** Bytes that a client sends behind an upgrade without waiting for the 101 (RFC 6455 §4.1 says it must wait). They are kept for the tunnel;
 *  what is over it waits in the kernel. */
export const aheadBytesMax: number = 16 * KiB

/** How long a kept connection may idle between two requests before it is closed. */
export const idleTimeMaxMs: number = 15 * second

/** How long a refused connection may linger so that its client can read the answer (RFC 9112 §9.6). */
export const lingerTimeMaxMs: number = second

/** Requests open at once on one HTTP/2 connection. Over it: the stream is refused (RFC 9113 §5.1.2) and its client asks again. */
export const http2StreamsMax = 32

/** Fields of one HTTP/2 request, each crumb of a cookie one of them: a reference of one byte makes a field (CVE-2026-49975), so fewer are
 *  allowed than in HTTP/1.1. Over it: 431, reason `protocol`; far over it: the stream is reset. */
export const http2FieldsMax = 64

/** What nghttp2 may hold for one HTTP/2 connection, in millions of bytes. Less than 4 failed honest clients with large answers. */
export const http2SessionMegabytesMax = 4

/** Body bytes that a client may send ahead on one stream before they are asked for. */
export const http2WindowBytesMax: number = 64 * KiB

/** The same of all streams of one connection together: 64 KiB for all would be 1.3 MB a second where a round trip takes 50 ms. */
export const http2ConnectionWindowBytesMax: number = KiB * KiB

/** Frames that break the protocol (MadeYouReset, CVE-2025-8671), and streams over their number, before the connection is ended. */
export const http2InvalidFramesMax = 20
export const http2RejectedStreamsMax = 20

/** Streams that a client opens and resets (rapid reset, CVE-2023-44487): so many at once, and so many a second. Over it: the connection is ended. */
export const http2ResetsBurstMax = 100
export const http2ResetsPerSecondMax = 10

/** Streams of one connection of which frames are watched: those that are open, and those that a client goes on to open on a
 *  connection that ends. Over it: the connection is ended. */
export const http2WatchedStreamsMax: number = 8 * http2StreamsMax

/** Streams that the edge reset and whose late frames are no fault, the oldest forgotten first. */
export const http2ForgivenStreamsMax: number = 4 * http2StreamsMax

/** Answers to a PING that nobody sent, before Node sees one and ends the connection. */
export const http2StrayPingsMax = 10

/** A payload behind padding that no rule would reach: bytes of a request body, all of which are read and judged before one goes on. Over it:
 *  413 (RFC 9110 §15.5.14), reason `protocol`. */
export const bodyInspectBytesMax: number = KiB * KiB

/** Codings on one body (`Content-Encoding: gzip, gzip, …`): each may multiply what the one before gave. Over it: 415, reason `protocol`. */
export const decodeLayersMax = 3

/** A decompression bomb (CWE-409): how many times its size a body may grow, all codings taken off. JSON of one shape reaches 20 to 50;
 *  DEFLATE ends at 1,032. Over it: 413, reason `protocol`. */
export const decodeRatioMax = 100

/** What a body may grow to whatever its ratio: a few hundred equal bytes are no bomb. */
export const decodeSmallBytesMax: number = 64 * KiB

/** What one answer may keep in memory while rules read it: bytes of its body, held back until they are judged. Of a longer one the
 *  beginning is judged, and all of it passed on. */
export const answerInspectBytesMax: number = 512 * KiB

/** An upstream whose address does not answer. Over it: 504, reason `upstream`. */
export const connectTimeMaxMs: number = 2 * second

/** An upstream that took the request and does not answer, until the answer's head. Over it: 504, reason `upstream`. */
export const answerTimeMaxMs: number = 30 * second

/** An answer that stops half way, head sent: silence after which both sides are ended. Long, for server-sent events. */
export const answerSilenceMaxMs: number = 300 * second

/** Connections that one client address may have open, over all listeners: a pool held open to starve everyone else. Over it: closed at accept, before
 *  a byte is read, reason `overload`. */
export const connectionsPerAddressMax = 100

/** Connections to one upstream; more requests than that wait. 16 to 128 were measured alike. */
export const upstreamConnectionsMax = 128

/** Requests that wait for a connection to one upstream: a slow upstream must not fill the edge's memory. Over it: 503, reason `overload`. */
export const upstreamWaitingMax: number = KiB

/** How long a request may wait for a connection. Over it: 503, reason `overload`. */
export const upstreamWaitTimeMaxMs: number = 5 * second

/** How long a connection to an upstream is kept for the next request where the upstream does not say: below the 5 s after which
 *  common servers close it, so that no request meets the closing. */
export const upstreamIdleTimeMaxMs: number = 4 * second

/** How long it is kept whatever the upstream says (`Keep-Alive: timeout=600`). */
export const upstreamIdleHintMaxMs: number = 60 * second

/** How much sooner than the upstream says: its clock began before ours. */
export const upstreamIdleMarginMs: number = second

/** Fields of one answer, each dear to store and to pass on. Over it: 502, reason `upstream`. */
export const answerFieldsMax = 200

/** Announcing answers (1xx) ahead of a final one, which may never come (RFC 9110 §15.2). Over it: 502, reason `upstream`. */
export const informationalAnswersMax = 100

/** Chunk extensions of one answer, in bytes: nobody reads them, and each may be longer than its chunk (CVE-2023-39326, CVE-2024-22019). */
export const chunkExtensionBytesMax: number = 16 * KiB

/** Trailer fields of one answer, in bytes; they are dropped. */
export const answerTrailerBytesMax: number = 16 * KiB

/** Digits of a chunk's length, base 16, leading zeros included: with 13 it is still an exact number (2⁵² − 1). */
export const chunkSizeDigitsMax = 13

/** Digits of a `Content-Length`: with 15 it is still an exact number. */
export const lengthDigitsMax = 15

/** A body up to this many bytes is copied behind its head, to be one write; copying a longer one costs more than a second write. */
export const copiedBodyBytesMax: number = 16 * KiB

/** How long an edge that was told to stop still takes connections, so that balancers see that it is not ready and send no more. */
export const drainNoticeMs: number = 3 * second

/** How long a stopping edge waits for requests in flight before it ends them. */
export const drainTimeMaxMs: number = 10 * second

/** Decision lines kept while their log does not keep up, in bytes; what does not fit is dropped and counted aloud. */
export const logBacklogBytesMax: number = 4 * KiB * KiB

/** From so many bytes of waiting lines on requests are refused, where the operator wants no line lost: what is above it is for the lines of
 *  requests that were being served by then. Status 503, reason `overload`. */
export const logRefuseBytes: number = KiB * KiB

/** How often a log's file that could not be written (a full disk) is tried again. */
export const logRetryEveryMs: number = second

/** How long a stopping edge waits for the reader of its log. */
export const logEndTimeMaxMs: number = 2 * second

/** After how many seconds a client that was refused for overload may ask again (RFC 9110 §10.2.3). */
export const overloadRetryAfterSeconds = 1

/** One line, or one raw request, given to `sallyport inspect`. Over it: an error in place of a verdict. A body over the engine's bound,
 *  in base64, must fit, to be told by its own status. */
export const inspectLineBytesMax: number = 16 * KiB * KiB

/** One line of a decision log as `sallyport explain` reads it; the edge writes far shorter ones. Longer: passed over. */
export const logLineBytesMax: number = KiB * KiB

/** How much of a decision log is read at once. */
export const logReadBytes: number = 64 * KiB

assertBounds(logLineBytesMax > 4 * headerBytesMax, 'a decision must fit its line: a path may be written as escapes')
/** Those that an operator may set, as `bounds` of the configuration names them; times in milliseconds. */
export interface EdgeBounds {
  readonly headerBytesMax: number
  readonly headerFieldsMax: number
  readonly headerTimeMax: number
  readonly handshakeTimeMax: number
  readonly requestTimeMax: number
  readonly idleTimeMax: number
  readonly answerSilenceMax: number
  readonly drainNotice: number
  readonly drainTimeMax: number
  readonly connectionsPerAddressMax: number
  readonly upstreamConnectionsMax: number
}

export const defaultBounds: EdgeBounds = Object.freeze({
  headerBytesMax,
  headerFieldsMax,
  headerTimeMax: headerTimeMaxMs,
  handshakeTimeMax: handshakeTimeMaxMs,
  requestTimeMax: requestTimeMaxMs,
  idleTimeMax: idleTimeMaxMs,
  answerSilenceMax: answerSilenceMaxMs,
  drainNotice: drainNoticeMs,
  drainTimeMax: drainTimeMaxMs,
  connectionsPerAddressMax,
  upstreamConnectionsMax,
})

assertBounds(headerBytesMax >= headerFieldsMax * 'a:b\r\n'.length, 'as many fields as are allowed must fit their bytes')
assertBounds(headerBytesMax < bodyInspectBytesMax, 'a header must fit where a body does')
assertBounds(headerTimeMaxMs + connectionsCheckEveryMs < requestTimeMaxMs, 'a header must be judged before its request')
assertBounds(logRefuseBytes < logBacklogBytesMax, 'lines of requests in flight must fit behind the refusal of others')
assertBounds(connectTimeMaxMs < answerTimeMaxMs, 'connecting is a part of waiting for an answer')
assertBounds(
  upstreamWaitTimeMaxMs < answerTimeMaxMs,
  'who waits for a connection must hear of it before an answer would be late',
)
assertBounds(16 ** chunkSizeDigitsMax < Number.MAX_SAFE_INTEGER, 'a chunk’s length must be an exact number')
assertBounds(10 ** lengthDigitsMax < Number.MAX_SAFE_INTEGER, 'a length must be an exact number')

/** Stops the program at load when two bounds contradict each other. */
function assertBounds(holds: boolean, why: string): void {
  if (!holds) throw new Error(`bounds.ts: ${why}`)
}
