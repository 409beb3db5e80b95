import { hexPair } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

function apply(value: string): string {
  if (!value.includes('0x') && !value.includes('0X')) return value
  const out = outputBuffer(value.length)
  let length = 0
  let at = 0
  while (at < value.length) {
    const code = value.charCodeAt(at)
    let byte = -1
    if (code === 0x30 && (value.charCodeAt(at + 1) | 0x20) === 0x78) byte = hexPair(value, at + 2)
    if (byte < 0) {
      out[length++] = code
      at++
      continue
    }
    // The mark went with its first pair; all the pairs that follow belong to the same string.
    for (at += 2; byte >= 0; byte = hexPair(value, at)) {
      out[length++] = byte
      at += 2
    }
  }
  return flat(out, length, value)
}

/** Decodes SQL's hexadecimal strings: `0x414243` is `ABC`. What is no such string stays, the last byte and NUL included, which
 *  ModSecurity's loop loses. Source: ModSecurity reference, "sqlHexDecode". */
export const sqlHexDecode: Transformation<'sqlHexDecode'> = { name: 'sqlHexDecode', apply }
