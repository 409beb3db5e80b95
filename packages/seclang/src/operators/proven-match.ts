import { verifyOverlapBytesMax } from '../bounds.ts'
import { compileGlobal } from '../rx/compile.ts'
import { compileFind } from '../rx/find.ts'
import { modSecurityOptions } from '../rx/syntax.ts'
import { usable } from './expression.ts'
import { type Operator, OperatorError } from './operator.ts'

/** `compile` of `@verifyCC` and its kin: true if a match of the argument's expression passes `isProven`. Captures 0: that
 *  match. A match that fails does not hide one that starts inside it (a card number after other digits): the search goes
 *  on one byte later, as in ModSecurity, unless the match was longer than any such number is written. */
export function provenMatch(name: string, isProven: (match: string) => boolean): Operator['compile'] {
  return (expression, context) => {
    if (expression === '')
      throw new OperatorError(`@${name} needs an expression that finds the numbers, such as [0-9]{9,19}`)
    usable(name, context, () => compileGlobal(expression, modSecurityOptions))
    const find = compileFind(expression, modSecurityOptions)
    return (value, captures) => {
      const found = firstProven(find, value, isProven)
      if (found === null) return false
      if (captures !== null) {
        captures.length = 0
        captures.push(found)
      }
      return true
    }
  }
}

function firstProven(
  find: ReturnType<typeof compileFind>,
  value: string,
  isProven: (match: string) => boolean,
): string | null {
  let from = 0
  for (;;) {
    const found = find(value, from)
    if (found === null) return null
    if (found === 'exhausted') return ''
    if (isProven(found.text)) return found.text
    from = found.at + (found.text.length > verifyOverlapBytesMax ? found.text.length : 1)
  }
}
