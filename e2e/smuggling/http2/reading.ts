/** What the frames of a client are, from its first behind the preface: which requests may arrive, what each stream is owed, and
 *  whether the connection may end. Read strictly by RFC 9113; where that lets a receiver choose, both choices are right. */
import { frameAt } from './frame.ts'
import { headerDecoder } from './hpack.ts'
import { Broken, type Receiver, receive } from './receiver.ts'
import type { Stream } from './stream.ts'

export interface Http2Reading {
  readonly streams: readonly Stream[]
  /** Why a receiver must or may end the connection; null where it may not. */
  readonly mayEnd: string | null
}

/** `mayEnd` is told of what lets a receiver end the connection and does not make it. */
export function newReceiver(mayEnd: (why: string) => void): Receiver {
  return { streams: new Map(), last: 0, block: null, decode: headerDecoder().read, mayEnd }
}

export function readFrames(bytes: string): Http2Reading {
  let why: string | null = null
  const mayEnd = (what: string): void => {
    why ??= what
  }
  const receiver = newReceiver(mayEnd)
  try {
    let at = 0
    for (let next = frameAt(bytes, 0); next !== null; next = frameAt(bytes, at)) {
      at = next.end
      receive(receiver, next.frame)
    }
    if (at < bytes.length) mayEnd('a frame that does not end')
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    mayEnd(error.message)
  }
  return { streams: [...receiver.streams.values()], mayEnd: why }
}
