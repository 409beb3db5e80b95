import { dropBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

/** Leaves out NUL bytes: C programs and old browsers skip them, so `<scr\0ipt>` works there.
 *  Source: ModSecurity reference, "removeNulls". */
export const removeNulls: Transformation<'removeNulls'> = {
  name: 'removeNulls',
  apply: (value) => (value.includes('\0') ? dropBytes(value, (code) => code === 0) : value),
}
