import { mapBytes } from './output.ts'
import { parityTable } from './parity.ts'
import type { Transformation } from './transformation.ts'

const odd = parityTable(1)

/** Sets each byte's high bit so that it has an odd number of ones. Source: ModSecurity reference, "parityOdd7bit". */
export const parityOdd7bit: Transformation<'parityOdd7bit'> = {
  name: 'parityOdd7bit',
  apply: (value) => mapBytes(value, odd),
}
