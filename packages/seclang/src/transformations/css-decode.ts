import { foldFullWidth, hexDigit, hexPair, isSpace } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** CSS Syntax 3 §4.3.7: an escape has one to six hexadecimal digits. */
const digitsMax = 6

/** How many hexadecimal digits stand at `at`, as many as an escape may have. */
function digitRun(value: string, at: number): number {
  let count = 0
  while (count < digitsMax && hexDigit(value.charCodeAt(at + count)) >= 0) count++
  return count
}

/** The last two of the digits make the byte. Of four, leading zeros apart, `ff` before them means a full-width form. */
function escapeByte(value: string, at: number, count: number): number {
  if (count === 1) return hexDigit(value.charCodeAt(at))
  const low = hexPair(value, at + count - 2)
  if (count < 4 || hexPair(value, at + count - 4) !== 0xff) return low
  for (let zero = at; zero < at + count - 4; zero++) if (value.charCodeAt(zero) !== 0x30) return low
  return foldFullWidth(low)
}

function apply(value: string): string {
  // Most values hold no escape at all: those cost one search, the others a copy up to the first one.
  let at = value.indexOf('\\')
  if (at < 0) return value
  const out = outputBuffer(value.length)
  let length = out.write(value.slice(0, at), 'latin1')
  while (at < value.length) {
    const code = value.charCodeAt(at++)
    if (code !== 0x5c) {
      out[length++] = code
      continue
    }
    const count = digitRun(value, at)
    if (count > 0) {
      out[length++] = escapeByte(value, at, count)
      at += count
      if (isSpace(value.charCodeAt(at))) at++ // one space ends the digits and belongs to them
    } else if (at < value.length) {
      if (value.charCodeAt(at) !== 0x0a) out[length++] = value.charCodeAt(at)
      at++
    }
  }
  return flat(out, length, value)
}

/** Decodes CSS 2 escapes: `\HHHHHH` by its last two digits, other `\c` as the byte itself; a backslash before a line feed or at
 *  the end goes. Source: ModSecurity reference, "cssDecode". */
export const cssDecode: Transformation<'cssDecode'> = { name: 'cssDecode', apply }
