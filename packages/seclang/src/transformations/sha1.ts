import { createHash } from 'node:crypto'
import type { Transformation } from './transformation.ts'

/** The 20 raw bytes of the SHA-1 digest; CRS makes keys of collections from it, with `t:hexEncode`.
 *  Source: ModSecurity reference, "sha1". */
export const sha1: Transformation<'sha1'> = {
  name: 'sha1',
  apply: (value) => createHash('sha1').update(value, 'latin1').digest('latin1'),
}
