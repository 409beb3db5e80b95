import { flatSlice } from './output.ts'
import type { Transformation } from './transformation.ts'
import { trimmedStart } from './trim.ts'

/** White space off the start. Source: ModSecurity reference, "trimLeft". */
export const trimLeft: Transformation<'trimLeft'> = {
  name: 'trimLeft',
  apply: (value) => flatSlice(value, trimmedStart(value), value.length),
}
