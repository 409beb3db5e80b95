import { hexPair } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

function apply(value: string): string {
  // Two searches are far cheaper than a copy, and most values hold neither.
  if (!value.includes('%') && !value.includes('+')) return value
  const out = outputBuffer(value.length)
  let length = 0
  let at = 0
  while (at < value.length) {
    const code = value.charCodeAt(at)
    const byte = code === 0x25 ? hexPair(value, at + 1) : -1
    if (byte >= 0) {
      out[length++] = byte
      at += 3
    } else {
      out[length++] = code === 0x2b ? 0x20 : code
      at++
    }
  }
  return flat(out, length, value)
}

/** Decodes `%HH` and `+` (application/x-www-form-urlencoded). A `%` without two digits stays.
 *  Source: ModSecurity reference, "urlDecode". */
export const urlDecode: Transformation<'urlDecode'> = { name: 'urlDecode', apply }
