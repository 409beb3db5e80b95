import type { Lexer } from './scanner.ts'
import { byteSet, put, skipTo, white } from './scanner.ts'
import { quoted, tick } from './strings.ts'
import type { Kind } from './token.ts'
import { kind } from './token.ts'

const dash = 0x2d
const variableEnd = byteSet(' <>:\\?=@!#~+-*/&|^%(),\';\t\n\v\f\r`"\0')

const pairs: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...'!= <> <= >= == := :: << >> !! !< !> += -= *= /= %= &= |= ^= |/ ~* @> <@'
    .split(' ')
    .map((pair): [string, Kind] => [pair, kind.operator]),
  ['||', kind.logic],
  ['&&', kind.logic],
])

/** One byte of the given kind. */
export function single(of: Kind): Lexer {
  return (scanner, token) => {
    put(token, of, scanner.pos, 1)
    scanner.pos++
  }
}

/** An operator of one byte. */
export const operator: Lexer = single(kind.operator)

/** The longest operator at this place: `<=>`, two bytes, one. A lone colon is a kind of its own (time, label, bind variable). */
export const longOperator: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  const isSpaceship = value.startsWith('<=>', pos)
  const pair = isSpaceship ? kind.operator : pairs.get(value.slice(pos, pos + 2))
  const length = isSpaceship ? 3 : pair === undefined ? 1 : 2
  put(token, pair ?? (value[pos] === ':' ? kind.colon : kind.operator), pos, length)
  scanner.pos = pos + length
}

/** The rest of the line; the newline itself is taken but is no part of the text. */
const lineComment: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  const newline = value.indexOf('\n', pos)
  const end = newline === -1 ? value.length : newline
  put(token, kind.comment, pos, end - pos)
  scanner.pos = newline === -1 ? end : end + 1
}

/** `#`: a comment in MySQL, PostgreSQL's XOR operator, a temporary table in T-SQL. */
export const hash: Lexer = (scanner, token) => {
  scanner.ambiguousComment = true
  if (scanner.reading.dialect === 'mysql') lineComment(scanner, token)
  else operator(scanner, token)
}

/** `-`, or a comment `--`. MySQL wants white space after it, so that `5--1` stays arithmetic (MySQL manual, "`--` Comment Syntax"). */
export const minus: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  const isDouble = value.charCodeAt(pos + 1) === dash
  const isSure = isDouble && (pos + 2 === value.length || white[value.charCodeAt(pos + 2)] === 1)
  const isAnsi = isDouble && scanner.reading.dialect === 'ansi'
  if (isAnsi && !isSure) scanner.ambiguousComment = true
  if (isSure || isAnsi) lineComment(scanner, token)
  else operator(scanner, token)
}

/** `/`, or a block comment. Nested ones (PostgreSQL) and `/*!` (MySQL runs the inside) cannot be read the same way by all servers: evil. */
export const slash: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  if (value[pos + 1] !== '*') {
    operator(scanner, token)
    return
  }
  const close = value.indexOf('*/', pos + 2)
  const end = close === -1 ? value.length : close + 2
  const nested = close === -1 ? -1 : value.slice(pos + 2, close + 1).indexOf('/*')
  put(token, nested !== -1 || value[pos + 2] === '!' ? kind.evil : kind.comment, pos, end - pos)
  scanner.pos = end
}

/** `\N` is MySQL's NULL; another backslash is odd, and T-SQL reads `\1` as 1: the folder decides. */
export const backslash: Lexer = (scanner, token) => {
  const isNull = scanner.value[scanner.pos + 1] === 'N'
  put(token, isNull ? kind.number : kind.backslash, scanner.pos, isNull ? 2 : 1)
  scanner.pos += isNull ? 2 : 1
}

/** `@name`, `@@name`, and with quotes or back-ticks around the name. */
export const variable: Lexer = (scanner, token) => {
  const { value } = scanner
  const sigils = value[scanner.pos + 1] === '@' ? 2 : 1
  scanner.pos += sigils
  const start = scanner.pos
  const first = value[start]
  if (first === '`') tick(scanner, token)
  else if (first === "'" || first === '"') quoted(scanner, token)
  else {
    const end = skipTo(value, start, variableEnd)
    put(token, kind.variable, start, end - start)
    scanner.pos = end
  }
  token.kind = kind.variable
  token.sigils = sigils
}
