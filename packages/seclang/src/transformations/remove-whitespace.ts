import { isSpace } from './digits.ts'
import { dropBytes } from './output.ts'
import type { Transformation } from './transformation.ts'

/** Leaves out white space. 0xA0 is the no-break space in latin1, 0xC2 0xA0 in UTF-8; ModSecurity 3 drops each of the two
 *  bytes wherever it stands, so we do too. Source: ModSecurity reference, "removeWhitespace". */
export const removeWhitespace: Transformation<'removeWhitespace'> = {
  name: 'removeWhitespace',
  apply: (value) => dropBytes(value, (code) => isSpace(code) || code === 0xa0 || code === 0xc2),
}
