import { mapBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

const lower = Uint8Array.from({ length: 256 }, (_, code) => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code))

function isAscii(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) >= 0x80) return false
  return true
}

/** ASCII letters to lower case. Other bytes stay: `toLowerCase` would turn 0xC3 into 0xE3 and break UTF-8.
 *  Source: ModSecurity reference, "lowercase". */
export const lowercase: Transformation<'lowercase'> = {
  name: 'lowercase',
  // The engine's own is several times faster, and right as long as there is nothing but ASCII.
  apply: (value) => (isAscii(value) ? value.toLowerCase() : mapBytes(value, lower)),
}
