import type { Token } from './token.ts'
import { kind } from './token.ts'

/** A sign or negation, which means nothing for the shape of the SQL: `+ - ! ~ !! NOT`. */
export function isUnary(value: string, token: Token): boolean {
  if (token.kind !== kind.operator) return false
  const first = value[token.start]
  if (token.length === 1) return first === '+' || first === '-' || first === '!' || first === '~'
  if (token.length === 2) return first === '!' && value[token.start + 1] === '!'
  return token.word === 'NOT'
}

/** `* / - + %`. */
export function isArithmetic(value: string, token: Token): boolean {
  return token.kind === kind.operator && token.length === 1 && '*/-+%'.includes(value.charAt(token.start))
}
