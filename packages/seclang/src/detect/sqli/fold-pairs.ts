import { sqlTokenBytesMax } from '../../bounds.ts'
import { isArithmetic, isUnary } from './operators.ts'
import type { Token } from './token.ts'
import { copyToken, kind, textOf } from './token.ts'
import { lookUpPhrase } from './vocabulary.ts'
import type { Fold, Window } from './window.ts'

/** Words that are a column or a variable alone, and a function before a parenthesis. */
const callable: ReadonlySet<string> = new Set([
  'USER_ID',
  'USER_NAME',
  'DATABASE',
  'PASSWORD',
  'USER',
  'CURRENT_USER',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
])

/** Tries the rules on the two tokens at `left`. */
export function foldPair(window: Window): Fold {
  const { slots, left } = window
  const value = window.scanner.value
  const a = slots[left]!
  const b = slots[left + 1]!
  // `"a" "b"` is one string to a server; `;;` is `;`.
  if (a.kind === b.kind && (a.kind === kind.string || a.kind === kind.semicolon)) return drop(window, left)
  if ((a.kind === kind.operator || a.kind === kind.logic) && (isUnary(value, b) || b.kind === kind.sqlType)) {
    return drop(window, 0)
  }
  if (a.kind === kind.open && isUnary(value, b)) return drop(window, back(left))
  if (mergeWords(value, a, b)) return drop(window, back(left))
  if (retype(a, b)) return 'again'
  return foldBracketPair(window, a, b)
}

/** Removes the second token and looks again from `left`. */
function drop(window: Window, left: number): Fold {
  window.size -= 1
  window.left = left
  return 'again'
}

/** Puts the second token in the place of the first and looks again from the start. */
function replace(window: Window, a: Token, b: Token): Fold {
  copyToken(a, b)
  return drop(window, 0)
}

const back = (left: number): number => (left > 0 ? left - 1 : 0)

const mergesFirst = 'knoUfETt'
const mergesSecond = 'knot&fUET'

/** Joins two words that are one phrase, such as `UNION` and `ALL`, into the first. */
function mergeWords(value: string, a: Token, b: Token): boolean {
  if (a.word === '' || b.word === '' || !mergesFirst.includes(a.kind) || !mergesSecond.includes(b.kind)) return false
  if (a.word.length + b.word.length >= sqlTokenBytesMax) return false
  const phrase = a.word + ' ' + b.word
  const found = lookUpPhrase(phrase)
  if (found === undefined) return false
  a.phrase = textOf(value, a) + ' ' + textOf(value, b)
  a.length = a.phrase.length
  a.kind = found
  a.word = phrase
  return true
}

/** Changes what the first or second token is because of its neighbour. The row gets no shorter, but each change happens once. */
function retype(a: Token, b: Token): boolean {
  if (a.kind === kind.semicolon && b.kind === kind.function && b.word.startsWith('IF')) {
    // `; if (…)` begins a T-SQL statement.
    b.kind = kind.statement
  } else if ((a.kind === kind.word || a.kind === kind.variable) && b.kind === kind.open && callable.has(a.word)) {
    a.kind = kind.function
  } else if (a.kind === kind.keyword && (a.word === 'IN' || a.word === 'NOT IN')) {
    // `IN (` compares; another `in` is an English word.
    a.kind = b.kind === kind.open ? kind.operator : kind.word
  } else return false
  return true
}

const typed = 'n1t(fvs'

/** Rules for functions named like operators, types, collations, and for brackets of all sorts. */
function foldBracketPair(window: Window, a: Token, b: Token): Fold {
  switch (a.kind) {
    case kind.operator:
      // MySQL's and SQLite's `LIKE(a, b)`.
      if (b.kind === kind.open && (a.word === 'LIKE' || a.word === 'NOT LIKE')) a.kind = kind.function
      break
    case kind.sqlType:
      // `date '2000-01-01'`: the type means nothing for the shape.
      if (typed.includes(b.kind)) return replace(window, a, b)
      break
    case kind.collate:
      // There are too many collations to list; their names have an underscore.
      if (b.kind === kind.word && textOf(window.scanner.value, b).includes('_')) {
        b.kind = kind.sqlType
        window.left = 0
      }
      break
    case kind.backslash:
      // T-SQL reads `\%1` as `0 % 1`, and `\1` as `1`.
      if (!isArithmetic(window.scanner.value, b)) return replace(window, a, b)
      a.kind = kind.number
      window.left = 0
      return 'again'
    case kind.open:
    case kind.close:
      if (b.kind === a.kind) return drop(window, 0)
      break
    case kind.openBrace:
      if (b.kind === kind.word) return foldBrace(window, b)
      break
  }
  return b.kind === kind.closeBrace ? drop(window, 0) : 'on'
}

/** ODBC and MySQL escapes `{word expression}` mean the expression. An empty name ``{`` `` `` }`` is a MySQL oddity with no honest use. */
function foldBrace(window: Window, name: Token): Fold {
  if (name.length === 0) {
    name.kind = kind.evil
    return 'evil'
  }
  window.size -= 2
  window.left = 0
  return 'again'
}
