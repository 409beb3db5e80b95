import { compileRegex } from '../rx/compile.ts'
import { modSecurityOptions } from '../rx/syntax.ts'
import { literalsOfExpression, usable } from './expression.ts'
import type { Operator } from './operator.ts'

/** `@rx EXPRESSION` (PCRE, over bytes, `.` also a line feed, `^` and `$` at every line): the value holds a match. Captures 0:
 *  the first match; 1 to 9: its groups. Source: ModSecurity reference, "rx". */
export const rx: Operator = {
  name: 'rx',
  compile: (expression, context) => usable('rx', context, () => compileRegex(expression, modSecurityOptions)).exec,
  literals: (expression) => literalsOfExpression('rx', expression),
}
