import { letterEscape } from './c-escapes.ts'
import { hexPair, lowByteOfFour, octalRun, octalValue } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** Three digits make a byte up to 0o377 only; above, JavaScript reads two and leaves the third (ECMA-262, annex B.1.2). */
function octalDigits(value: string, at: number): number {
  const count = octalRun(value, at)
  return count === 3 && value.charCodeAt(at) > 0x33 ? 2 : count
}

function apply(value: string): string {
  // Most values hold no escape at all: those cost one search, the others a copy up to the first one.
  let at = value.indexOf('\\')
  if (at < 0) return value
  const out = outputBuffer(value.length)
  let length = out.write(value.slice(0, at), 'latin1')
  while (at < value.length) {
    const code = value.charCodeAt(at)
    if (code !== 0x5c || at + 1 === value.length) {
      out[length++] = code
      at++
      continue
    }
    const next = value.charCodeAt(at + 1)
    // What follows the backslash stands for itself, unless one of the longer forms fits.
    let byte = letterEscape(next)
    let taken = 2
    if (next === 0x75) {
      const wide = lowByteOfFour(value, at + 2)
      if (wide >= 0) [byte, taken] = [wide, 6]
    } else if (next === 0x78) {
      const pair = hexPair(value, at + 2)
      if (pair >= 0) [byte, taken] = [pair, 4]
    } else {
      const octal = octalDigits(value, at + 1)
      if (octal > 0) [byte, taken] = [octalValue(value, at + 1, octal), 1 + octal]
    }
    out[length++] = byte
    at += taken
  }
  return flat(out, length, value)
}

/** Decodes JavaScript's escapes: `\uHHHH` (its low byte; full-width forms as ASCII), `\xHH`, `\OOO`, `\n` and the like. Of an
 *  escape that is none only the backslash goes. `\u{H…}` is not decoded: ModSecurity does not, and rules are written for that.
 *  Source: ModSecurity reference, "jsDecode". */
export const jsDecode: Transformation<'jsDecode'> = { name: 'jsDecode', apply }
