import { mapBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

const nullToSpace = Uint8Array.from({ length: 256 }, (_, code) => (code === 0 ? 0x20 : code))

/** NUL bytes become spaces. Source: ModSecurity reference, "replaceNulls". */
export const replaceNulls: Transformation<'replaceNulls'> = {
  name: 'replaceNulls',
  apply: (value) => (value.includes('\0') ? mapBytes(value, nullToSpace) : value),
}
