import { isAlphanumeric } from './digits.ts'
import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

const digits = Buffer.from('0123456789abcdef', 'latin1')

function apply(value: string): string {
  const out = outputBuffer(value.length * 3)
  let length = 0
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code === 0x20) out[length++] = 0x2b
    else if (isAlphanumeric(code) || code === 0x2a) out[length++] = code
    else {
      out[length++] = 0x25
      out[length++] = digits[(code >> 4) & 0xf]!
      out[length++] = digits[code & 0xf]!
    }
  }
  return flat(out, length, value)
}

/** Encodes all but letters, digits and `*` as `%hh`, a space as `+`. Source: ModSecurity reference, "urlEncode". */
export const urlEncode: Transformation<'urlEncode'> = { name: 'urlEncode', apply }
