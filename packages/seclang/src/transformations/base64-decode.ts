import { isAlphanumeric } from './digits.ts'
import type { Transformation } from './transformation.ts'

function apply(value: string): string {
  let end = 0
  for (; end < value.length; end++) {
    const code = value.charCodeAt(end)
    if (!isAlphanumeric(code) && code !== 0x2b && code !== 0x2f) break
  }
  return value === '' ? value : Buffer.from(value.slice(0, end), 'base64').toString('latin1')
}

/** Decodes base64 (RFC 4648 §4) up to the first byte outside its alphabet. ModSecurity 3 gives nothing at all for a value with
 *  such a byte in it, version 2 what we give; an attack with a stray byte behind it must not become invisible.
 *  Source: ModSecurity reference, "base64Decode". */
export const base64Decode: Transformation<'base64Decode'> = { name: 'base64Decode', apply }
