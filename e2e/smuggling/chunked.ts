/** Strict reading of a chunked body (RFC 9112 §7.1): every deviation is refused, none is repaired. */
import { fieldSection } from './fields.ts'
import { lineEnd, type Refusal } from './lines.ts'

export interface ChunkedBody {
  readonly body: string
  /** Where the next message begins. */
  readonly end: number
}

/** More digits could not be counted exactly (2^53); RFC 9112 §7.1 demands that overflow is prevented. */
const sizeDigitsMax = 13

/** Null: more bytes are needed. */
export function readChunked(text: string, start: number): ChunkedBody | Refusal | null {
  let at = start
  let body = ''
  for (;;) {
    const end = lineEnd(text, at)
    if (end === null || typeof end === 'object') return end
    const line = text.slice(at, end)
    const digits = hexDigits(line)
    const counted = line.slice(0, digits).replace(/^0+/, '')
    if (digits === 0 || counted.length > sizeDigitsMax) return { refused: 'a chunk size that is no number', at }
    if (digits < line.length && !isExtension(line, digits)) return { refused: 'a malformed chunk extension', at }
    const size = Number.parseInt(`0${counted}`, 16)
    at = end + 2
    if (size === 0) break
    if (text.length < at + size + 2) {
      const after = text.slice(at + size, at + size + 2)
      return '\r\n'.startsWith(after) ? null : { refused: 'a chunk longer than it says', at: at + size }
    }
    if (text.slice(at + size, at + size + 2) !== '\r\n') return { refused: 'a chunk without its end', at: at + size }
    body += text.slice(at, at + size)
    at += size + 2
  }
  const trailers = fieldSection(text, at)
  if (trailers === null || 'refused' in trailers) return trailers
  if (trailers.fields.some(({ name }) => /^(?:content-length|transfer-encoding)$/i.test(name)))
    return { refused: 'a trailer field that frames (RFC 9110 §6.5.1)', at }
  return { body, end: trailers.end }
}

function hexDigits(line: string): number {
  let count = 0
  while (/[0-9a-f]/i.test(line.charAt(count))) count++
  return count
}

/** `*( ";" name [ "=" ( token / quoted-string ) ] )` (RFC 9112 §7.1.1), names and values possibly empty: that much Node's parser
 *  takes, no one forwards them, and the line ends at the same byte for whoever takes it. Bad white space, and a `;` with nothing
 *  behind it, it refuses, as may everybody. */
function isExtension(line: string, at: number): boolean {
  const one =
    /;[!#$%&'*+\-.^_`|~\w]*(?:=(?:"(?:[^"\\\0-\x08\x0a-\x1f\x7f]|\\[^\0-\x08\x0a-\x1f\x7f])*"|[!#$%&'*+\-.^_`|~\w]*))?/y
  one.lastIndex = at
  while (one.lastIndex < line.length) if (!one.test(line)) return false
  return !line.endsWith(';')
}
