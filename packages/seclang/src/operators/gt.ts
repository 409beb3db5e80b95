import { comparison } from './number.ts'
import type { Operator } from './operator.ts'

/** `@gt N`: the number at the front of the value is greater than N. Captures: none. Source: ModSecurity reference, "gt". */
export const gt: Operator = { name: 'gt', compile: comparison('gt', (value, argument) => value > argument) }
