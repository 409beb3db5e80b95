/** HTTP/2 frames as bytes (RFC 9113 §4.1), latin1: 24 bits of length, 8 of type, 8 of flags, 1 reserved, 31 of stream, payload. */

export const types = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  rstStream: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const

export const flags = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  /** latin1 */
  readonly payload: string
}

const headBytes = 9
/** What a receiver takes unless it has said that it takes more (RFC 9113 §4.2). */
export const payloadBytesMax = 16_384

export const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

export function written({ type, flags: bits, stream, payload }: Frame): string {
  return uint(payload.length, 3) + String.fromCharCode(type, bits) + uint(stream, 4) + payload
}

export interface FrameAt {
  readonly frame: Frame
  /** Where the next one begins. */
  readonly end: number
}

/** Null: more bytes are needed. The reserved bit of the stream is ignored, as it must be. */
export function frameAt(bytes: string, at: number): FrameAt | null {
  if (bytes.length < at + headBytes) return null
  const end = at + headBytes + uintAt(bytes, at, 3)
  if (bytes.length < end) return null
  const [type, bits] = [bytes.charCodeAt(at + 3), bytes.charCodeAt(at + 4)]
  const stream = uintAt(bytes, at + 5, 4) & 0x7fff_ffff
  return { frame: { type, flags: bits, stream, payload: bytes.slice(at + headBytes, end) }, end }
}

/** Big-endian. */
export function uint(value: number, bytes: number): string {
  let text = ''
  for (let shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += String.fromCharCode((value >>> shift) & 0xff)
  return text
}

export function uintAt(text: string, at: number, bytes: number): number {
  let value = 0
  for (let i = 0; i < bytes; i++) value = value * 0x100 + text.charCodeAt(at + i)
  return value
}
