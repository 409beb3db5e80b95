import type { Operator } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@within LIST`: the value is a part of LIST, byte for byte; an empty value always is. It knows no words: a list that must
 *  match whole tokens puts a separator round each and has the rule put the same round the value, as CRS does. Captures:
 *  none. Source: ModSecurity reference, "within". */
export const within: Operator = {
  name: 'within',
  compile: (list) => withoutCaptures((value) => list.includes(value)),
}
