/** Finds the frames in one direction of an HTTP/2 connection (RFC 9113 §4.1), without holding their payloads back. */

/** As RFC 9113 §6 numbers them. */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const frameFlag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const

export interface FrameHead {
  readonly type: number
  readonly flags: number
  readonly stream: number
  /** Bytes of payload. */
  readonly length: number
}

/** Called for each frame with its head and the first bytes of its payload: all of them up to `peekedBytesMax`, unless there are
 *  fewer. False takes the frame out of what is passed on. */
export type OnFrame = (head: FrameHead, peeked: Buffer) => boolean

const headBytes = 9
/** Enough for SETTINGS of a few entries, and for all frames of fixed length. */
export const peekedBytesMax = 64

/** Given bytes as they come, gives what is to be passed on: the same bytes, without the frames that `onFrame` took out. At most a
 *  head and what is peeked of its frame is kept for the next call. `skipBytes`: bytes before the first frame, as the preface of a client. */
export function frameScanner(skipBytes: number, onFrame: OnFrame): (chunk: Buffer) => Buffer {
  let kept: Buffer | null = null
  let remaining = skipBytes
  let passing = true

  return (chunk) => {
    const bytes: Buffer = kept === null ? chunk : Buffer.concat([kept, chunk])
    kept = null
    let passed: Buffer[] | null = null
    /** From where bytes are passed on, once it is known up to where. */
    let from = 0
    let at = 0
    const cut = (to: number): void => {
      passed ??= []
      if (to > from) passed.push(bytes.subarray(from, to))
    }
    while (at < bytes.length) {
      if (remaining > 0) {
        const taken = Math.min(remaining, bytes.length - at)
        at += taken
        remaining -= taken
        if (!passing) from = at
        continue
      }
      const length = at + headBytes <= bytes.length ? bytes.readUIntBE(at, 3) : 0
      const needed = headBytes + Math.min(length, peekedBytesMax)
      if (at + needed > bytes.length) break
      const head = {
        type: bytes[at + 3] ?? 0,
        flags: bytes[at + 4] ?? 0,
        stream: bytes.readUInt32BE(at + 5) & streamMask,
        length,
      }
      const passes = onFrame(head, bytes.subarray(at + headBytes, at + needed))
      if (!passes) {
        cut(at)
        from = at
      }
      passing = passes
      remaining = headBytes + length
    }
    if (at < bytes.length) kept = Buffer.from(bytes.subarray(at))
    if (passed === null && from === 0) return at === bytes.length ? bytes : bytes.subarray(0, at)
    cut(at)
    return Buffer.concat(passed ?? [])
  }
}

/** The first bit is reserved (RFC 9113 §4.1). */
const streamMask = 0x7fffffff
