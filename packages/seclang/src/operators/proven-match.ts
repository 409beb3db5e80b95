import { verifyOverlapBytesMax } from '../bounds.ts'
import { compileGlobal } from '../rx/compile.ts'
import { emit } from '../rx/emit.ts'
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
    const { tree } = usable(name, context, () => compileGlobal(expression, modSecurityOptions))
    const search = new RegExp(emit(tree.root, false).source, 'g')
    return (value, captures) => {
      const found = firstProven(search, value, isProven)
      if (found === null) return false
      if (captures !== null) {
        captures.length = 0
        captures.push(found)
      }
      return true
    }
  }
}

function firstProven(search: RegExp, value: string, isProven: (match: string) => boolean): string | null {
  search.lastIndex = 0
  try {
    for (let match = search.exec(value); match !== null; match = search.exec(value)) {
      const text = match[0]
      if (isProven(text)) return text
      search.lastIndex = match.index + (text.length > verifyOverlapBytesMax ? text.length : 1)
    }
    return null
  } catch {
    // V8's stack for backtracking is full, as in rx/compile.ts: what cannot be searched counts as a match.
    return ''
  }
}
