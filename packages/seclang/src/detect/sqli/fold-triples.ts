import { isUnary } from './operators.ts'
import type { Token } from './token.ts'
import { copyToken, kind } from './token.ts'
import type { Fold, Window } from './window.ts'

/** Tries the rules on the three tokens at `left`. */
export function foldTriple(window: Window): Fold {
  const { slots, left } = window
  const value = window.scanner.value
  const a = slots[left]!
  const b = slots[left + 1]!
  const c = slots[left + 2]!
  if (isOneValue(value, a, b, c)) {
    window.size -= 2
    window.left = 0
    return 'again'
  }
  if (a.kind === kind.comma && isUnary(value, b) && 'n1vs'.includes(c.kind)) {
    // `1, -1` is `1, 1`: step back past the comma, so that the list folds as one. The size is at least 3 here.
    copyToken(b, c)
    window.size -= 3
    window.left = 0
    return 'again'
  }
  if (isIdleSecond(value, a, b, c)) {
    copyToken(b, c)
    window.size -= 1
    window.left = 0
    return 'again'
  }
  // `user(1)` is no call of `user()`: much English text has a word like that before a parenthesis.
  if (a.kind === kind.function && b.kind === kind.open && c.kind !== kind.close && a.word === 'USER') {
    a.kind = kind.word
  }
  return 'on'
}

/** Three tokens that are as good as the first: sums, comparisons, lists, casts, names with dots, operators one after the other. */
function isOneValue(value: string, a: Token, b: Token, c: Token): boolean {
  switch (b.kind) {
    case kind.operator: {
      // `1 + 1` and `n = 1` are values, but `1 + 'a'` and `'a' + 'b'` are not folded: they tell of strings being left.
      if ('n1'.includes(a.kind)) return 'n1'.includes(c.kind) || isCast(value, b, c)
      if (a.kind === kind.variable) return 'v1n'.includes(c.kind) || isCast(value, b, c)
      if (a.kind === kind.string) return isCast(value, b, c)
      break
    }
    case kind.comma:
      return 'n1sv'.includes(a.kind) && 'n1sv'.includes(c.kind)
    case kind.dot:
      if (a.kind === kind.word) return c.kind === kind.word
      break
  }
  if (a.kind === kind.logic) return c.kind === kind.logic
  return a.kind === kind.operator && b.kind !== kind.open && c.kind === kind.operator
}

/** PostgreSQL's `'1'::money`. */
function isCast(value: string, operator: Token, type: Token): boolean {
  return type.kind === kind.sqlType && value.startsWith('::', operator.start)
}

/** The middle token means nothing: a sign before a value (`select - 1`), or the dot in ``select . `name` ``. */
function isIdleSecond(value: string, a: Token, b: Token, c: Token): boolean {
  if (a.kind === kind.expression && b.kind === kind.dot) return c.kind === kind.word
  if (!isUnary(value, b)) return false
  if ('EB,'.includes(a.kind) && c.kind === kind.open) return true
  if ('kEB'.includes(a.kind)) return 'n1vsf'.includes(c.kind)
  return a.kind === kind.comma && c.kind === kind.function
}
