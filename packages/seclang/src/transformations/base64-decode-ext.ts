import { isAlphanumeric } from './digits.ts'
import { dropBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

function isForeign(code: number): boolean {
  const inside = isAlphanumeric(code) || code === 0x2b || code === 0x2f || code === 0x2d || code === 0x5f
  return !inside
}

/** Decodes base64 as PHP's `base64_decode` does: bytes outside the alphabet are passed over, `-` and `_` of the URL-safe
 *  alphabet (RFC 4648 §5) count. Source: ModSecurity reference, "base64DecodeExt". */
export const base64DecodeExt: Transformation<'base64DecodeExt'> = {
  name: 'base64DecodeExt',
  apply: (value) => (value === '' ? value : Buffer.from(dropBytes(value, isForeign), 'base64').toString('latin1')),
}
