import type { Operator } from './operator.ts'
import { literalOf } from './substring.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@strmatch TEXT`: the same as `@contains`, kept for old rules; its wildcards never existed. Captures: none.
 *  Source: ModSecurity reference, "strmatch". */
export const strmatch: Operator = {
  name: 'strmatch',
  compile: (text) => withoutCaptures((value) => value.includes(text)),
  literals: literalOf,
}
