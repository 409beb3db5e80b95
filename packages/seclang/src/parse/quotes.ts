/** Single quotes inside a word: around the argument of an action, or the selector of a target. */

import { fault } from './fault.ts'
import { positionIn, type Word } from './words.ts'

const singleQuote = 0x27
const backslash = 0x5c

/**
 * The text in '…', which opens at `start`; `end` is the offset behind the closing quote. `\'` is a quote, every other
 * backslash stays, and a pair of them does not escape what follows. Throws at the opening quote if none closes it.
 */
export function unquote(word: Word, start: number): { readonly value: string; readonly end: number } {
  const { text } = word
  let value = ''
  let from = start + 1
  for (let offset = from; offset < text.length; offset++) {
    const code = text.charCodeAt(offset)
    if (code === singleQuote) return { value: value + text.slice(from, offset), end: offset + 1 }
    if (code !== backslash) continue
    if (text.charCodeAt(offset + 1) === singleQuote) {
      value += text.slice(from, offset)
      from = offset + 1
      offset++
    } else if (text.charCodeAt(offset + 1) === backslash) offset++
  }
  throw fault(
    positionIn(word, start),
    text.slice(start),
    "opens a quote that is not closed: add ', or \\' for a quote inside",
  )
}
