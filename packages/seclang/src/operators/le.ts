import { comparison } from './number.ts'
import type { Operator } from './operator.ts'

/** `@le N`: the number at the front of the value is at most N. Captures: none. Source: ModSecurity reference, "le". */
export const le: Operator = { name: 'le', compile: comparison('le', (value, argument) => value <= argument) }
