import { comparison } from './number.ts'
import type { Operator } from './operator.ts'

/** `@eq N`: the number at the front of the value is equal to N. Captures: none. Source: ModSecurity reference, "eq". */
export const eq: Operator = { name: 'eq', compile: comparison('eq', (value, argument) => value === argument) }
