/** `"!@name argument"`: how a rule compares. A text without `@name` is a regular expression. */

import { isBlank, skipBlanks } from './blanks.ts'
import { fault } from './fault.ts'
import type { OperatorNode } from './syntax.ts'
import { positionIn, type Word } from './words.ts'

const exclamation = 0x21
const at = 0x40

/**
 * The operator of one word. The blanks between name and argument go; all others stay, since an expression may end with a
 * blank that counts. Blanks before `!` or `@` go too: ` @rx x` is never meant as an expression. Throws on `@` without a name.
 */
export function parseOperator(word: Word): OperatorNode {
  const { text } = word
  const first = skipBlanks(text, 0)
  const negated = text.charCodeAt(first) === exclamation
  const name = negated ? skipBlanks(text, first + 1) : first
  if (text.charCodeAt(name) !== at) {
    const argument = text.slice(negated ? name : 0)
    return { at: positionIn(word, negated ? first : 0), negated, name: 'rx', argument }
  }
  let end = name + 1
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++
  const written = text.slice(name + 1, end)
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(written)) {
    const says =
      'is not an operator: write @NAME, a blank and its argument, or @rx before an expression that begins with @'
    throw fault(positionIn(word, name), text.slice(name, end), says)
  }
  return { at: positionIn(word, first), negated, name: written, argument: text.slice(skipBlanks(text, end)) }
}
