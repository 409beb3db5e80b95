import { mapBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

const upper = Uint8Array.from({ length: 256 }, (_, code) => (code >= 0x61 && code <= 0x7a ? code - 0x20 : code))

/** ASCII letters to upper case; other bytes stay. Source: ModSecurity reference, "uppercase". */
export const uppercase: Transformation<'uppercase'> = {
  name: 'uppercase',
  apply: (value) => mapBytes(value, upper),
}
