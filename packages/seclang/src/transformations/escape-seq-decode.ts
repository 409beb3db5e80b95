import { letterEscape } from './c-escapes.ts'
import { hexPair, octalRun, octalValue } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

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
    const byte = (next | 0x20) === 0x78 ? hexPair(value, at + 2) : -1
    const octal = octalRun(value, at + 1)
    if (byte >= 0) {
      out[length++] = byte
      at += 4
    } else if (octal > 0) {
      out[length++] = octalValue(value, at + 1, octal) // over 0o377 the low byte stays, as in C
      at += 1 + octal
    } else {
      out[length++] = letterEscape(next)
      at += 2
    }
  }
  return flat(out, length, value)
}

/** Decodes ANSI C escapes: `\a` to `\v`, `\xHH`, `\OOO`. Of an escape that is none only the backslash goes; one at the end stays.
 *  Source: ModSecurity reference, "escapeSeqDecode". */
export const escapeSeqDecode: Transformation<'escapeSeqDecode'> = { name: 'escapeSeqDecode', apply }
