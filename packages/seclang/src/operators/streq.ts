import type { Operator } from './operator.ts'
import { literalOf } from './substring.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@streq TEXT`: the value is TEXT, byte for byte. Captures: none. Source: ModSecurity reference, "streq". */
export const streq: Operator = {
  name: 'streq',
  compile: (text) => withoutCaptures((value) => value === text),
  literals: literalOf,
}
