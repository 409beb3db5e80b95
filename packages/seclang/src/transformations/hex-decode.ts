import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** ModSecurity checks no digit: whatever is from `A` on counts as a letter, so `z` is 35. Its tests ask for just that. */
function looseDigit(code: number): number {
  return code >= 0x41 ? (code & 0xdf) - 0x37 : code - 0x30
}

function apply(value: string): string {
  const pairs = value.length >> 1
  const out = outputBuffer(pairs)
  for (let at = 0; at < pairs; at++) {
    out[at] = looseDigit(value.charCodeAt(at * 2)) * 0x10 + looseDigit(value.charCodeAt(at * 2 + 1))
  }
  return flat(out, pairs, value)
}

/** Reads two hexadecimal digits a byte; a last odd digit is left out. Source: ModSecurity reference, "hexDecode". */
export const hexDecode: Transformation<'hexDecode'> = { name: 'hexDecode', apply }
