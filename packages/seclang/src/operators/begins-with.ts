import type { Operator } from './operator.ts'
import { literalOf } from './substring.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@beginsWith TEXT`: the value starts with TEXT, byte for byte. Captures: none.
 *  Source: ModSecurity reference, "beginsWith". */
export const beginsWith: Operator = {
  name: 'beginsWith',
  compile: (text) => withoutCaptures((value) => value.startsWith(text)),
  literals: literalOf,
}
