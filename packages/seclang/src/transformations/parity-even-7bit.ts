import { mapBytes } from './output.ts'
import { parityTable } from './parity.ts'
import type { Transformation } from './transformation.ts'

const even = parityTable(0)

/** Sets each byte's high bit so that it has an even number of ones. Source: ModSecurity reference, "parityEven7bit". */
export const parityEven7bit: Transformation<'parityEven7bit'> = {
  name: 'parityEven7bit',
  apply: (value) => mapBytes(value, even),
}
