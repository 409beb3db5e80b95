/** Reads the answers of one connection, one at a time; no I/O. Bytes go in by `feed`, and `next` says, step by step, what was in them:
 *
 *      head* (1xx)  head  data*  end          or, at any step, `broken`
 *
 *  Any split of the same bytes gives the same heads, the same body and the same end. The time is linear in the bytes. */
import { headerBytesMax, informationalAnswersMax } from '../bounds.ts'
import { type AnswerHead, mayBegin, readAnswerHead } from './answer-head.ts'
import { ChunkReader } from './chunks.ts'
import { type Framing, framingOf } from './framing.ts'

/** `more`: all bytes are used. `head`: `head` and `framing` are new. `data`: `piece` is; it is the caller's, and part of what was fed. `end`: the answer is whole. */
export type Step = 'more' | 'head' | 'data' | 'end' | 'broken'

const headEnd: Buffer = Buffer.from('\r\n\r\n')
const CR = 0x0d
const LF = 0x0a
const nothing: Buffer = Buffer.alloc(0)
const switchingProtocols = 101
const firstFinalStatus = 200
const heldBytesMin = 1024

export class AnswerParser {
  head: AnswerHead | null = null
  framing: Framing | null = null
  piece: Buffer = nothing
  /** Of `broken`: why, in words that hold none of the bytes. */
  fault = ''

  #method = ''
  #bytes: Buffer = nothing
  #at = 0
  /** The beginning of a head that is not whole; grows by doubling. */
  #held: Buffer = nothing
  #heldBytes = 0
  #place: 'head' | 'counted' | 'chunked' | 'untilClose' | 'end' | 'broken' = 'end'
  #remaining = 0
  #chunks: ChunkReader | null = null
  #announced = 0

  /** The answer to a request of this method comes next. */
  expect(method: string): void {
    this.#method = method
    this.#place = 'head'
    this.#announced = 0
  }

  /** Whether there are bytes that no step has used. */
  get hasMore(): boolean {
    return this.#at < this.#bytes.length
  }

  /** The next bytes; all earlier ones have been used. The buffer is the parser's from now on: it moves bytes in it. */
  feed(bytes: Buffer): void {
    this.#bytes = bytes
    this.#at = 0
  }

  next(): Step {
    switch (this.#place) {
      case 'head':
        return this.hasMore ? this.#nextHead() : 'more'
      case 'counted':
        return this.#nextCounted()
      case 'chunked':
        return this.hasMore ? this.#nextChunked() : 'more'
      case 'untilClose':
        if (!this.hasMore) return 'more'
        this.#give(this.#bytes.length)
        return 'data'
      case 'end':
        return 'end'
      case 'broken':
        return 'broken'
      default:
        return this.#place satisfies never
    }
  }

  /** The connection has ended: is the answer whole? Asked once `next` has said `more`. */
  finish(): 'end' | 'broken' {
    if (this.#place === 'untilClose' || this.#place === 'end') return 'end'
    return this.#break('it breaks off')
  }

  /** Bytes behind a 101: no longer HTTP. */
  rest(): Buffer {
    const rest = this.#bytes.subarray(this.#at)
    this.#bytes = nothing
    this.#at = 0
    return rest
  }

  #nextHead(): Step {
    const whole = this.#heldBytes === 0 ? this.#headInHand() : this.#headHeld()
    if (whole === null) return this.#place === 'broken' ? 'broken' : 'more'
    if (typeof whole === 'string') return this.#break(whole)
    const framing = framingOf(whole, this.#method)
    if (typeof framing === 'string') return this.#break(framing)
    this.head = whole
    this.framing = framing
    if (whole.status < firstFinalStatus && whole.status !== switchingProtocols) {
      if (++this.#announced > informationalAnswersMax) return this.#break('no final answer follows')
      return 'head'
    }
    this.#begin(framing)
    return 'head'
  }

  #begin({ body }: Framing): void {
    if (body === 'chunked') {
      this.#chunks = new ChunkReader()
      this.#place = 'chunked'
    } else if (body === 'untilClose') this.#place = 'untilClose'
    else {
      this.#remaining = body
      this.#place = 'counted'
    }
  }

  /** The usual case: a head begins in these bytes and ends in them. */
  #headInHand(): AnswerHead | string | null {
    const [bytes, from] = [this.#bytes, this.#at]
    if (!mayBegin(bytes, from, bytes.length)) return this.#noHead('it is not HTTP/1')
    const end = bytes.indexOf(headEnd, from)
    if (end === -1) return this.#hold()
    const to = end + headEnd.length
    if (to - from > headerBytesMax) return this.#noHead('its head is too long')
    this.#at = to
    return readAnswerHead(bytes, from, to)
  }

  /** Puts what is left of the bytes behind what was held. */
  #hold(): null {
    const more = this.#bytes.length - this.#at
    const needed = this.#heldBytes + more
    if (needed > headerBytesMax) return this.#noHead('its head is too long')
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#held.length, heldBytesMin))
      this.#held.copy(larger, 0, 0, this.#heldBytes)
      this.#held = larger
    }
    this.#bytes.copy(this.#held, this.#heldBytes, this.#at)
    const from = this.#heldBytes
    this.#heldBytes = needed
    this.#at = this.#bytes.length
    return hasLoneLf(this.#held, from, needed) ? this.#noHead('a line ends in LF alone') : null
  }

  /** The end of the head may lie across the seam, so the search begins three bytes before it. */
  #headHeld(): AnswerHead | string | null {
    const [before, from] = [this.#heldBytes, this.#at]
    const end = this.#endBehindHeld()
    const stop = end === -1 ? this.#bytes.length : end
    if (before + stop - from > headerBytesMax) return this.#noHead('its head is too long')
    const bytes = this.#bytes
    this.#bytes = bytes.subarray(0, stop)
    this.#hold()
    this.#bytes = bytes
    this.#at = stop
    if (this.#place === 'broken') return null
    if (!mayBegin(this.#held, 0, this.#heldBytes)) return this.#noHead('it is not HTTP/1')
    if (end === -1) return null
    const head = readAnswerHead(this.#held, 0, this.#heldBytes)
    this.#heldBytes = 0
    this.#held = nothing
    return head
  }

  /** Where in the new bytes the head ends that began in the held ones; -1 where it does not. */
  #endBehindHeld(): number {
    const seam = Math.min(headEnd.length - 1, this.#heldBytes)
    const across = Buffer.concat([
      this.#held.subarray(this.#heldBytes - seam, this.#heldBytes),
      this.#bytes.subarray(this.#at, this.#at + headEnd.length - 1),
    ])
    const found = across.indexOf(headEnd)
    if (found !== -1) return this.#at + found + headEnd.length - seam
    const inside = this.#bytes.indexOf(headEnd, this.#at)
    return inside === -1 ? -1 : inside + headEnd.length
  }

  #nextCounted(): Step {
    if (this.#remaining === 0) {
      this.#place = 'end'
      return 'end'
    }
    if (!this.hasMore) return 'more'
    const to = Math.min(this.#bytes.length, this.#at + this.#remaining)
    this.#remaining -= to - this.#at
    this.#give(to)
    return 'data'
  }

  #nextChunked(): Step {
    const chunks = this.#chunks as ChunkReader
    chunks.read(this.#bytes, this.#at)
    this.#at = chunks.at
    if (chunks.broken) return this.#break('its chunks are broken')
    if (chunks.done) this.#place = 'end'
    if (chunks.to === chunks.from) return chunks.done ? 'end' : 'more'
    this.piece = this.#bytes.subarray(chunks.from, chunks.to)
    return 'data'
  }

  #give(to: number): void {
    this.piece = this.#bytes.subarray(this.#at, to)
    this.#at = to
  }

  #noHead(fault: string): null {
    this.#break(fault)
    return null
  }

  #break(fault: string): 'broken' {
    this.fault = `the upstream's answer cannot be read: ${fault}`
    this.#place = 'broken'
    return 'broken'
  }
}

/** Whether a line ends between `from` and `to` as none may: a head of such lines would never end, and be late instead of broken. */
function hasLoneLf(bytes: Buffer, from: number, to: number): boolean {
  const seen = bytes.subarray(0, to)
  for (let at = seen.indexOf(LF, from); at !== -1; at = seen.indexOf(LF, at + 1)) if (seen[at - 1] !== CR) return true
  return false
}
