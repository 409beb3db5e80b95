import { hexValue } from './hex.ts'

/** A place in a JSON text; the readers move `at` behind what they read. */
export interface JsonCursor {
  readonly text: string
  at: number
}

/** Moves over the four white spaces of RFC 8259 §2. */
export function skipSpace(cursor: JsonCursor): void {
  const { text } = cursor
  let at = cursor.at
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break
    at += 1
  }
  cursor.at = at
}

/** Reads a number of RFC 8259 §6 and returns it as written (`1E400` and `-0` stay); null where none stands. */
export function readNumber(cursor: JsonCursor): string | null {
  const { text, at: start } = cursor
  let at = text.charCodeAt(start) === 0x2d ? start + 1 : start
  const whole = skipDigits(text, at)
  if (whole === at || (text.charCodeAt(at) === 0x30 && whole > at + 1)) return null // no leading zeros
  at = whole
  if (text.charCodeAt(at) === 0x2e) {
    const fraction = skipDigits(text, at + 1)
    if (fraction === at + 1) return null
    at = fraction
  }
  if ((text.charCodeAt(at) | 0x20) === 0x65) {
    const sign = text.charCodeAt(at + 1)
    const digits = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1
    const exponent = skipDigits(text, digits)
    if (exponent === digits) return null
    at = exponent
  }
  cursor.at = at
  return text.slice(start, at)
}

function skipDigits(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at += 1
  return at
}

/** Reads a string of RFC 8259 §7, quotes and all; null where it is malformed (control characters, unknown escapes, no end). Bytes
 *  above 0x7f stay as they are; `\uXXXX` becomes UTF-8 bytes, a lone surrogate its three-byte form, as lenient decoders write it. */
export function readString(cursor: JsonCursor): string | null {
  const { text } = cursor
  if (text.charCodeAt(cursor.at) !== 0x22) return null
  const start = cursor.at + 1
  let escaped = false
  let end = start
  for (let code = text.charCodeAt(end); code !== 0x22; code = text.charCodeAt(end)) {
    if (!(code >= 0x20)) return null // a control character, or NaN: the end of the text
    escaped ||= code === 0x5c
    end += code === 0x5c ? 2 : 1
  }
  cursor.at = end + 1
  return escaped ? decodeEscapes(text, start, end) : text.slice(start, end)
}

/** Reads a string that the text breaks off in, up to its last whole character; null where it is malformed before that, or does end. */
export function readCutString({ text, at }: JsonCursor): string | null {
  if (text.charCodeAt(at) !== 0x22) return null
  let end = at + 1
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (code < 0x20 || code === 0x22) return null
    const length = code !== 0x5c ? 1 : text.charCodeAt(end + 1) === 0x75 ? unicodeEscapeLength : 2
    if (end + length > text.length) break
    end += length
  }
  return decodeEscapes(text, at + 1, end)
}

/** Whether the text breaks off in a number or in one of these words. */
export function isCutScalar({ text, at }: JsonCursor, words: readonly string[]): boolean {
  const rest = text.slice(at)
  // What lacks its last digits is a number with one more.
  const completed = { text: `${rest}0`, at: 0 }
  return words.some((word) => word.startsWith(rest)) || (readNumber(completed) !== null && completed.at > rest.length)
}

const simpleEscapes: ReadonlyMap<number, number> = new Map([
  [0x22, 0x22],
  [0x5c, 0x5c],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
])

function decodeEscapes(text: string, start: number, end: number): string | null {
  const out = Buffer.allocUnsafe(end - start) // each escape is longer than what it stands for
  let length = 0
  for (let at = start; at < end; ) {
    const code = text.charCodeAt(at)
    if (code !== 0x5c) {
      out[length++] = code
      at += 1
      continue
    }
    const letter = text.charCodeAt(at + 1)
    const simple = simpleEscapes.get(letter)
    if (simple !== undefined) {
      out[length++] = simple
      at += 2
      continue
    }
    if (letter !== 0x75) return null
    let point = codeUnit(text, at + 2)
    if (point < 0) return null
    at += unicodeEscapeLength
    if (point >= 0xd800 && point <= 0xdbff && text.charCodeAt(at) === 0x5c && text.charCodeAt(at + 1) === 0x75) {
      const low = codeUnit(text, at + 2)
      if (low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
        at += unicodeEscapeLength
      }
    }
    length = writeUtf8(out, length, point)
  }
  return out.toString('latin1', 0, length)
}

/** Characters of `\uXXXX`. */
const unicodeEscapeLength = 6

/** The value of four hexadecimal digits, or -1. A digit never lies behind the closing quote: a quote is none. */
function codeUnit(text: string, at: number): number {
  let unit = 0
  for (let index = at; index < at + 4; index += 1) {
    const digit = hexValue(text.charCodeAt(index))
    if (digit < 0) return -1
    unit = (unit << 4) | digit
  }
  return unit
}

/** Writes one code point, surrogates included, by the bit layout of RFC 3629 §3; returns the new length. */
function writeUtf8(out: Buffer, from: number, point: number): number {
  let length = from
  if (point < 0x80) {
    out[length++] = point
    return length
  }
  const continuations = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
  const lead = [0, 0xc0, 0xe0, 0xf0][continuations] ?? 0
  out[length++] = lead | (point >> (6 * continuations))
  for (let left = continuations - 1; left >= 0; left -= 1) out[length++] = 0x80 | ((point >> (6 * left)) & 0x3f)
  return length
}
