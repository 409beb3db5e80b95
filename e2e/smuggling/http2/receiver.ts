/** What each frame of a client does to its streams and its connection (RFC 9113 §6). */
import type { Field } from '../fields.ts'
import { type Frame, flags, payloadBytesMax, types, uintAt } from './frame.ts'
import { begun, end, misframed, type Stream, trailers } from './stream.ts'

/** A connection that must end. */
export class Broken extends Error {}

export interface Receiver {
  readonly streams: Map<number, Stream>
  /** The highest that was opened. */
  last: number
  /** A header block that is not complete yet. */
  block: Block | null
  /** Null for a block that cannot be read. */
  readonly decode: (block: string) => Field[] | null
  /** Notes that a receiver may end the connection, or may go on. */
  readonly mayEnd: (why: string) => void
}

interface Block {
  readonly stream: number
  readonly ends: boolean
  readonly bytes: string
}

/** Throws `Broken`. */
export function receive(to: Receiver, frame: Frame): void {
  if (frame.payload.length > payloadBytesMax) throw new Broken('a frame over the size that is allowed')
  if (to.block !== null) continued(to, to.block, frame)
  // Unknown types are ignored (RFC 9113 §4.1).
  else rules[frame.type]?.(to, frame)
}

type Rule = (to: Receiver, frame: Frame) => void

const priorityBytes = 5
const pingBytes = 8
const goawayBytes = 8
/** Larger steps overflow the window that the client has opened. */
const windowStepMax = 0x10_0000

const rules: Readonly<Record<number, Rule>> = {
  [types.headers]: headers,
  [types.data]: data,
  [types.priority](to, { stream: id, payload }) {
    if (id === 0) throw new Broken('PRIORITY on stream 0')
    if (payload.length !== priorityBytes || dependsOn(payload) === id) to.mayEnd('a wrong PRIORITY')
  },
  [types.rstStream](to, { stream: id, payload }) {
    if (payload.length !== 4) throw new Broken('RST_STREAM of another length')
    const stream = opened(to, id, 'RST_STREAM')
    if (stream === undefined) return
    stream.left = true
    // What was not whole yet will not be.
    if (!stream.ended) misframed(stream)
    stream.ended = true
  },
  [types.settings]: settings,
  [types.pushPromise]() {
    throw new Broken('PUSH_PROMISE of a client')
  },
  [types.ping](to, { flags: bits, stream: id, payload }) {
    if (id !== 0 || payload.length !== pingBytes) throw new Broken('a wrong PING')
    if ((bits & flags.ack) !== 0) to.mayEnd('an answer to no PING')
  },
  [types.goaway](to, { stream: id, payload }) {
    if (id !== 0 || payload.length < goawayBytes) throw new Broken('a wrong GOAWAY')
    to.mayEnd('the client says that it goes')
  },
  [types.windowUpdate](to, { stream: id, payload }) {
    if (payload.length !== 4) throw new Broken('WINDOW_UPDATE of another length')
    const increment = uintAt(payload, 0, 4) & 0x7fff_ffff
    const stream = id === 0 ? undefined : opened(to, id, 'WINDOW_UPDATE')
    if (increment > 0 && increment <= windowStepMax) return
    if (id === 0) throw new Broken('a window that is none')
    // An error of the stream by RFC 9113 §6.9; nghttp2 ends the connection.
    to.mayEnd('a window that is none, on a stream')
    if (stream === undefined) return
    // What has ended may be known no longer (RFC 9113 §5.1).
    if (!stream.ended) misframed(stream)
    stream.left = true
  },
  [types.continuation]() {
    throw new Broken('CONTINUATION without HEADERS')
  },
}

/** The stream of a frame that no idle stream may have; undefined for one that was passed over. */
function opened({ last, streams }: Receiver, id: number, what: string): Stream | undefined {
  if (id === 0) throw new Broken(`${what} on stream 0`)
  if (id > last || id % 2 === 0) throw new Broken(`${what} on an idle stream`)
  return streams.get(id)
}

function headers(to: Receiver, { flags: bits, stream, payload }: Frame): void {
  if (stream % 2 === 0) throw new Broken('HEADERS on a stream that no client opens')
  let bytes = unpadded(bits, payload)
  if (bytes === null) throw new Broken('padding longer than its frame')
  if ((bits & flags.priority) !== 0) {
    if (bytes.length < priorityBytes) throw new Broken('HEADERS without their priority')
    // RFC 7540 §5.3.1 made it an error, RFC 9113 says nothing of it.
    if (dependsOn(bytes) === stream) to.mayEnd('a stream that depends on itself')
    bytes = bytes.slice(priorityBytes)
  }
  const block = { stream, ends: (bits & flags.endStream) !== 0, bytes }
  if ((bits & flags.endHeaders) === 0) to.block = block
  else complete(to, block)
}

function continued(to: Receiver, block: Block, { type, flags: bits, stream, payload }: Frame): void {
  if (type !== types.continuation || stream !== block.stream)
    throw new Broken('a header block is interrupted (RFC 9113 §6.10)')
  const longer = { ...block, bytes: block.bytes + payload }
  to.block = (bits & flags.endHeaders) === 0 ? longer : null
  if (to.block === null) complete(to, longer)
}

function complete(to: Receiver, { stream: id, ends, bytes }: Block): void {
  const fields = to.decode(bytes)
  if (fields === null) throw new Broken('a header block that cannot be read (RFC 9113 §4.3)')
  const stream = to.streams.get(id)
  if (stream?.ended === true) to.mayEnd('HEADERS on a stream that has ended')
  else if (stream !== undefined) trailers(stream, fields, ends)
  // To nghttp2 a stream that was passed over is one that has ended, and what comes on it is ignored.
  else if (id < to.last) to.mayEnd('HEADERS on a stream that was passed over (RFC 9113 §5.1.1)')
  else {
    to.last = id
    to.streams.set(id, begun(id, fields, ends))
  }
}

function data(to: Receiver, { flags: bits, stream: id, payload }: Frame): void {
  const stream = opened(to, id, 'DATA')
  if (stream === undefined || stream.ended) {
    to.mayEnd('DATA on a stream that has ended')
    return
  }
  const bytes = unpadded(bits, payload)
  if (bytes === null) {
    // An error of the connection (RFC 9113 §6.1), unless the stream has been refused and its frames are read by nobody.
    to.mayEnd('padding longer than its frame')
    misframed(stream)
    return
  }
  stream.body += bytes
  // RFC 9113 §8.1.1 makes it an error of the stream; Node ends the connection for it, and none of its settings says otherwise.
  if (stream.length !== null && stream.body.length > stream.length) to.mayEnd('a body over its length')
  if ((bits & flags.endStream) !== 0) end(stream)
}

const settingBytes = 6
const enablePush = 0x2
const maxFrameSize = 0x5

function settings(to: Receiver, { flags: bits, stream: id, payload }: Frame): void {
  if (id !== 0) throw new Broken('SETTINGS on a stream')
  if ((bits & flags.ack) !== 0) {
    if (payload !== '') throw new Broken('an acknowledgement that says something')
    to.mayEnd('an acknowledgement of nothing')
    return
  }
  if (payload.length % settingBytes !== 0) throw new Broken('SETTINGS of another length')
  for (let at = 0; at < payload.length; at += settingBytes) {
    const [name, value] = [uintAt(payload, at, 2), uintAt(payload, at + 2, 4)]
    if (name === enablePush && value > 1) throw new Broken('ENABLE_PUSH is neither 0 nor 1')
    if (name === maxFrameSize && (value < payloadBytesMax || value > 0xff_ffff)) throw new Broken('a frame size')
  }
}

function dependsOn(payload: string): number {
  return uintAt(payload, 0, 4) & 0x7fff_ffff
}

/** The payload without its padding (RFC 9113 §6.1); null where the padding is longer. */
function unpadded(bits: number, payload: string): string | null {
  if ((bits & flags.padded) === 0) return payload
  const length = payload.length === 0 ? Number.POSITIVE_INFINITY : payload.charCodeAt(0)
  return length >= payload.length ? null : payload.slice(1, payload.length - length)
}
