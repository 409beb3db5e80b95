/** The chunked coding of a body (RFC 9112 §7.1), read a buffer at a time:
 *
 *      *(size-hex [;extension] CRLF data CRLF) 0 [;extension] CRLF *(trailer CRLF) CRLF
 *
 *  A line ends with CRLF; no blanks around a size. Extensions and trailers are bounded and dropped: nobody has judged them. */
import { answerTrailerBytesMax, chunkExtensionBytesMax, chunkSizeDigitsMax } from '../bounds.ts'
import { hexValue, isValueByte } from './characters.ts'

/** What the next byte belongs to. `broken`: these are no chunks. */
type Place =
  | 'size'
  | 'extension'
  | 'sizeEnd'
  | 'data'
  | 'dataCr'
  | 'dataLf'
  | 'trailerBegin'
  | 'trailer'
  | 'trailerEnd'
  | 'lastLf'
  | 'done'
  | 'broken'

const CR = 0x0d
const LF = 0x0a
const semicolon = 0x3b

export class ChunkReader {
  /** Behind the last byte that was read. */
  at = 0
  /** Where the data of the buffer stand that was read last: none where both are the same. */
  from = 0
  to = 0
  #place: Place = 'size'
  /** Bytes of the chunk that are still to come. */
  #remaining = 0
  #digits = 0
  #extensionBytes = 0
  #trailerBytes = 0

  get done(): boolean {
    return this.#place === 'done'
  }

  get broken(): boolean {
    return this.#place === 'broken'
  }

  /** Reads on from `at`, until the bytes or the body end. The data of all chunks in between are moved together, in the same memory, so that a
   *  thousand small ones are still one piece. */
  read(bytes: Buffer, at: number): void {
    this.from = at
    this.to = at
    this.at = at
    while (this.at < bytes.length && this.#place !== 'done' && this.#place !== 'broken') {
      if (this.#place === 'data') this.#takeData(bytes)
      else this.#place = this.#next(bytes[this.at++] as number)
    }
  }

  #takeData(bytes: Buffer): void {
    const end = Math.min(this.at + this.#remaining, bytes.length)
    if (this.from === this.to) this.from = this.to = this.at
    else if (this.to !== this.at) bytes.copyWithin(this.to, this.at, end)
    this.to += end - this.at
    this.#remaining -= end - this.at
    this.at = end
    if (this.#remaining === 0) this.#place = 'dataCr'
  }

  #next(byte: number): Place {
    switch (this.#place) {
      case 'size':
        return this.#size(byte)
      case 'extension':
        if (byte === CR) return 'sizeEnd'
        return isValueByte[byte] === 1 && ++this.#extensionBytes <= chunkExtensionBytesMax ? 'extension' : 'broken'
      case 'sizeEnd':
        if (byte !== LF) return 'broken'
        this.#digits = 0
        return this.#remaining === 0 ? 'trailerBegin' : 'data'
      case 'dataCr':
        return byte === CR ? 'dataLf' : 'broken'
      case 'dataLf':
        return byte === LF ? 'size' : 'broken'
      case 'trailerBegin':
        return byte === CR ? 'lastLf' : this.#trailer(byte)
      case 'trailer':
        return byte === CR ? 'trailerEnd' : this.#trailer(byte)
      case 'trailerEnd':
        return byte === LF ? 'trailerBegin' : 'broken'
      case 'lastLf':
        return byte === LF ? 'done' : 'broken'
      case 'data':
      case 'done':
      case 'broken':
        return this.#place
      default:
        return this.#place satisfies never
    }
  }

  #size(byte: number): Place {
    const digit = hexValue[byte] as number
    if (digit === -1) {
      // A chunk with no size is none.
      if (this.#digits === 0) return 'broken'
      return byte === CR ? 'sizeEnd' : byte === semicolon ? 'extension' : 'broken'
    }
    if (++this.#digits > chunkSizeDigitsMax) return 'broken'
    this.#remaining = this.#remaining * 0x10 + digit
    return 'size'
  }

  #trailer(byte: number): Place {
    return isValueByte[byte] === 1 && ++this.#trailerBytes <= answerTrailerBytesMax ? 'trailer' : 'broken'
  }
}
