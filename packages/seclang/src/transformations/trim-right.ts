import { flatSlice } from './output.ts'
import type { Transformation } from './transformation.ts'
import { trimmedEnd } from './trim.ts'

/** White space off the end. Source: ModSecurity reference, "trimRight". */
export const trimRight: Transformation<'trimRight'> = {
  name: 'trimRight',
  apply: (value) => flatSlice(value, 0, trimmedEnd(value, 0)),
}
