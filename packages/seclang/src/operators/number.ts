import { isAsciiSpace } from './ascii.ts'
import type { Operator, Test } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

const plus = 0x2b
const minus = 0x2d
const zero = 0x30
const nine = 0x39
const ten = 10

/** The integer at the front of `text` as C's `atoi` reads it: white space, a sign, digits; 0 without digits, whatever
 *  follows is ignored. Beyond ±(2^53 − 1) it stays there: a number too long to hold must not wrap to a small one. */
export function leadingInteger(text: string): number {
  let at = 0
  while (at < text.length && isAsciiSpace(text.charCodeAt(at))) at++
  const sign = text.charCodeAt(at) === minus ? -1 : 1
  if (text.charCodeAt(at) === plus || sign === -1) at++
  let sum = 0
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < zero || code > nine) break
    sum = sum * ten + (code - zero)
    if (sum >= Number.MAX_SAFE_INTEGER) return sign * Number.MAX_SAFE_INTEGER
  }
  return sum === 0 ? 0 : sign * sum
}

/** `compile` of a comparison. An argument without a number counts as 0, as in ModSecurity: macros are often empty, so it
 *  cannot be an error; one that starts with no number at all is reported to the author. */
export function comparison(name: string, holds: (value: number, argument: number) => boolean): Operator['compile'] {
  return (argument, context): Test => {
    if (argument !== '' && !/^[\t-\r ]*[+-]?[0-9]/.test(argument)) {
      context.warn(`@${name} compares numbers and reads "${argument}" as 0; write a whole number`)
    }
    const right = leadingInteger(argument)
    return withoutCaptures((value) => holds(leadingInteger(value), right))
  }
}
