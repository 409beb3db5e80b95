import type { Operator } from './operator.ts'
import { literalOf } from './substring.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@containsWord TEXT`: TEXT is in the value with no letter right before or after it. ModSecurity counts only A to Z and
 *  a to z as letters here: a digit or an underscore ends a word. Captures: none.
 *  Source: ModSecurity reference, "containsWord". */
export const containsWord: Operator = {
  name: 'containsWord',
  compile: (word) => withoutCaptures((value) => word === '' || holdsWord(value, word)),
  literals: literalOf,
}

function holdsWord(value: string, word: string): boolean {
  for (let at = value.indexOf(word); at !== -1; at = value.indexOf(word, at + 1)) {
    if (!isLetter(value.charCodeAt(at - 1)) && !isLetter(value.charCodeAt(at + word.length))) return true
  }
  return false
}

/** `code` is NaN before the start and after the end: no letter. */
function isLetter(code: number): boolean {
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x7a
}
