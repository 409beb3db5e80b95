import type { Operator } from './operator.ts'
import { literalOf } from './substring.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@endsWith TEXT`: the value ends with TEXT, byte for byte. Captures: none.
 *  Source: ModSecurity reference, "endsWith". */
export const endsWith: Operator = {
  name: 'endsWith',
  compile: (text) => withoutCaptures((value) => value.endsWith(text)),
  literals: literalOf,
}
