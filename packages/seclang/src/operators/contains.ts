import type { Operator } from './operator.ts'
import { literalOf } from './substring.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@contains TEXT`: TEXT is somewhere in the value, byte for byte; an empty TEXT is in every value. Captures: none.
 *  Source: ModSecurity reference, "contains". */
export const contains: Operator = {
  name: 'contains',
  compile: (text) => withoutCaptures((value) => value.includes(text)),
  literals: literalOf,
}
