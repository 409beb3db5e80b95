import { mapBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

const lower = Uint8Array.from({ length: 256 }, (_, code) => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code))

/** ASCII letters to lower case. Other bytes stay: `toLowerCase` would turn 0xC3 into 0xE3 and break UTF-8.
 *  Source: ModSecurity reference, "lowercase". */
export const lowercase: Transformation<'lowercase'> = {
  name: 'lowercase',
  apply: (value) => mapBytes(value, lower),
}
