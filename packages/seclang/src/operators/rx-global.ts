import { compileGlobal } from '../rx/compile.ts'
import { modSecurityOptions } from '../rx/syntax.ts'
import { literalsOfExpression, usable } from './expression.ts'
import type { Operator } from './operator.ts'

/** Groups that a match reports at most, after the whole match. */
const groupsMax = 9

/** `@rxGlobal EXPRESSION`: as `@rx`, with all matches that do not overlap. Captures: the first match and its groups, then
 *  the next and its groups, and so on; an empty match counts only as the first, or `[a-z]*` would report one between
 *  any two. Source: ModSecurity reference, "rxGlobal". */
export const rxGlobal: Operator = {
  name: 'rxGlobal',
  compile: (expression, context) => {
    const { exec, tree } = usable('rxGlobal', context, () => compileGlobal(expression, modSecurityOptions))
    const capturesOfMatch = 1 + Math.min(tree.groups, groupsMax)
    return (value, captures) => {
      if (!exec(value, captures)) return false
      if (captures !== null) dropLaterEmpty(captures, capturesOfMatch)
      return true
    }
  },
  literals: (expression) => literalsOfExpression('rxGlobal', expression),
}

function dropLaterEmpty(captures: string[], capturesOfMatch: number): void {
  let kept = capturesOfMatch
  for (let from = capturesOfMatch; from < captures.length; from += capturesOfMatch) {
    if (captures[from] === '') continue
    captures.copyWithin(kept, from, from + capturesOfMatch)
    kept += capturesOfMatch
  }
  if (kept < captures.length) captures.length = kept
}
