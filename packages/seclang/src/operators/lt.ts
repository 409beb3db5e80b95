import { comparison } from './number.ts'
import type { Operator } from './operator.ts'

/** `@lt N`: the number at the front of the value is less than N. Captures: none. Source: ModSecurity reference, "lt". */
export const lt: Operator = { name: 'lt', compile: comparison('lt', (value, argument) => value < argument) }
