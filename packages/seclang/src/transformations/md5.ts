import { createHash } from 'node:crypto'
import type { Transformation } from './transformation.ts'

/** The 16 raw bytes of the MD5 digest; `t:hexEncode` makes them readable. Rules compare with known values, so that its
 *  weakness does not matter. Source: ModSecurity reference, "md5". */
export const md5: Transformation<'md5'> = {
  name: 'md5',
  apply: (value) => createHash('md5').update(value, 'latin1').digest('latin1'),
}
