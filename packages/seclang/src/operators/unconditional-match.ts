import type { Operator } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@unconditionalMatch`: always true. Captures: none. Source: ModSecurity reference, "unconditionalMatch". */
export const unconditionalMatch: Operator = {
  name: 'unconditionalMatch',
  compile: () => withoutCaptures(() => true),
}
