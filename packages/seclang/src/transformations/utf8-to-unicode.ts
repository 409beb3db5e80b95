import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

const hexDigits = Buffer.from('0123456789abcdef', 'latin1')

/** The most that grows is an overlong pair: `%u`, four digits and its lead byte again, seven bytes of two. */
const outputPerByteMax = 4

/** How many bytes the sequence has that begins with this byte, by its leading ones; 0 for a byte that begins none. */
function sequenceLength(lead: number): number {
  if ((lead & 0xe0) === 0xc0) return 2
  if ((lead & 0xf0) === 0xe0) return 3
  return (lead & 0xf8) === 0xf0 ? 4 : 0
}

/** The code point of the sequence at `at`, unchecked for range, or -1 where a continuation byte is missing. */
function codePoint(value: string, at: number, count: number): number {
  let point = value.charCodeAt(at) & (0x7f >> count)
  for (let next = at + 1; next < at + count; next++) {
    const code = value.charCodeAt(next)
    if ((code & 0xc0) !== 0x80) return -1
    point = (point << 6) | (code & 0x3f)
  }
  return point
}

/** RFC 3629 §3: longer than needed, or half of a surrogate pair. */
function isInvalid(point: number, count: number): boolean {
  const least = count === 2 ? 0x80 : count === 3 ? 0x800 : 0x10000
  return point < least || (point >= 0xd800 && point <= 0xdfff)
}

/** Writes `%u` and at least four digits, as `urlDecodeUni` reads them; gives the new length. */
function writeEscape(out: Buffer, from: number, point: number): number {
  let length = from
  out[length++] = 0x25
  out[length++] = 0x75
  let shift = 12
  while (point >> (shift + 4) !== 0) shift += 4
  for (; shift >= 0; shift -= 4) out[length++] = hexDigits[(point >> shift) & 0xf]!
  return length
}

/** Where UTF-8 begins, or -1: ASCII alone, the usual case, costs no copy. */
function firstHigh(value: string): number {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) >= 0x80) return at
  return -1
}

function apply(value: string): string {
  let at = firstHigh(value)
  if (at < 0) return value
  const out = outputBuffer(at + (value.length - at) * outputPerByteMax)
  let length = out.write(value.slice(0, at), 'latin1')
  while (at < value.length) {
    const code = value.charCodeAt(at)
    const count = sequenceLength(code)
    if (count === 0 || code > 0xf4) out[length++] = code
    const point = count === 0 ? -1 : codePoint(value, at, count)
    if (point >= 0) {
      length = writeEscape(out, length, point)
      // ModSecurity writes the lead byte again behind what is not valid, which tells a rule that something was wrong.
      if (isInvalid(point, count)) out[length++] = code
    }
    at += point < 0 ? 1 : count
  }
  return flat(out, length, value)
}

/** Writes UTF-8 as `%uhhhh`, for `urlDecodeUni` to fold. Overlong forms are decoded, which is how `%c0%ae` shows as a dot; a lead
 *  byte without its continuation goes, as in ModSecurity, so that it cannot part the letters of a word. NUL stays (ModSecurity
 *  loses it). Source: ModSecurity reference, "utf8toUnicode"; RFC 3629. */
export const utf8toUnicode: Transformation<'utf8toUnicode'> = { name: 'utf8toUnicode', apply }
