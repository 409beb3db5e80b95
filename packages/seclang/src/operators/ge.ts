import { comparison } from './number.ts'
import type { Operator } from './operator.ts'

/** `@ge N`: the number at the front of the value is at least N. Captures: none. Source: ModSecurity reference, "ge". */
export const ge: Operator = { name: 'ge', compile: comparison('ge', (value, argument) => value >= argument) }
