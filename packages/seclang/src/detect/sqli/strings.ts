import type { Lexer, Scanner } from './scanner.ts'
import { byteSet, put, skip } from './scanner.ts'
import type { Token } from './token.ts'
import { kind } from './token.ts'
import { lookUp } from './vocabulary.ts'
import { word } from './words.ts'

const backslash = 0x5c
const dollar = 0x24
const quote = 0x27
const letters = byteSet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
const amount = byteSet('0123456789.,')

/** The closing partner in Oracle's `q'(text)'`; any other character closes itself. */
const partners: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '>'],
])

/** Reads up to an unescaped `delimiter`, from `start`, the first byte after the opening quote. `open` is empty if the quote stands before the value. */
export function readString(scanner: Scanner, token: Token, start: number, delimiter: string, open: string): void {
  const { value } = scanner
  let end = value.indexOf(delimiter, start)
  while (end !== -1) {
    if (isEscaped(value, start, end)) {
      end = value.indexOf(delimiter, end + 1)
    } else if (value.charCodeAt(end + 1) === value.charCodeAt(end)) {
      // A doubled quote is a literal quote in every dialect.
      end = value.indexOf(delimiter, end + 2)
    } else break
  }
  putQuoted(scanner, token, start, end, open, delimiter, end + 1)
}

/** Odd number of backslashes before `end`. Every run is counted once, as a quote ends it: linear in all. */
function isEscaped(value: string, start: number, end: number): boolean {
  let pos = end - 1
  while (pos >= start && value.charCodeAt(pos) === backslash) pos--
  return (end - 1 - pos) % 2 === 1
}

/** Fills in a string from `start` to `end` (−1: never closed, takes the rest) and goes on at `next`. */
function putQuoted(
  scanner: Scanner,
  token: Token,
  start: number,
  end: number,
  open: string,
  close: string,
  next: number,
): void {
  const { length } = scanner.value
  put(token, kind.string, start, (end === -1 ? length : end) - start)
  token.open = open
  token.close = end === -1 ? '' : close
  scanner.pos = end === -1 ? length : next
}

/** `'text'` or `"text"`. */
export const quoted: Lexer = (scanner, token) => {
  const delimiter = scanner.value.charAt(scanner.pos)
  readString(scanner, token, scanner.pos + 1, delimiter, delimiter)
}

/** `` `name` ``: a quoted name in MySQL, still a call if it names a function. */
export const tick: Lexer = (scanner, token) => {
  readString(scanner, token, scanner.pos + 1, '`', '`')
  const isFunction = lookUp(scanner.value, token) === kind.function
  token.kind = isFunction ? kind.function : kind.word
}

/** `E'text'` (PostgreSQL) and `N'text'` (T-SQL national string). */
export const prefixed: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  if (pos + 2 >= value.length || value.charCodeAt(pos + 1) !== quote) word(scanner, token)
  else readString(scanner, token, pos + 2, "'", "'")
}

/** `U&'text'` (SQL:2003 Unicode string). Shown with `u` for quotes, as libinjection does. */
export const unicode: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  if (!value.startsWith("&'", pos + 1)) {
    word(scanner, token)
    return
  }
  readString(scanner, token, pos + 3, "'", 'u')
  if (token.close === "'") token.close = 'u'
}

/** Oracle's `q'!text!'` at `pos`, where any visible character may be the delimiter. */
function oracleQuoted(scanner: Scanner, token: Token, pos: number): void {
  const { value } = scanner
  const code = value.charCodeAt(pos + 2)
  const isQ = value[pos] === 'q' || value[pos] === 'Q'
  const isOpen = isQ && value.charCodeAt(pos + 1) === quote && code > 0x20 && code < 0x80
  if (!isOpen) {
    word(scanner, token)
    return
  }
  const delimiter = value.charAt(pos + 2)
  const end = value.indexOf(`${partners.get(delimiter) ?? delimiter}'`, pos + 3)
  putQuoted(scanner, token, pos + 3, end, 'q', 'q', end + 2)
}

/** `q'…'`. */
export const oracle: Lexer = (scanner, token) => oracleQuoted(scanner, token, scanner.pos)

/** `n'…'` or Oracle's `nq'…'`. */
export const national: Lexer = (scanner, token) => {
  if (scanner.value.charCodeAt(scanner.pos + 1) === quote) prefixed(scanner, token)
  else oracleQuoted(scanner, token, scanner.pos + 1)
}

/** What a `$` begins: money (`$1,000.00` is a number in T-SQL), a PostgreSQL string (`$$…$$`, `$tag$…$tag$`) or a word. */
export const money: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  const end = skip(value, pos + 1, amount)
  if (end === pos + 2 && value[pos + 1] === '.') {
    word(scanner, token)
    return
  }
  if (end > pos + 1) {
    put(token, kind.number, pos, end - pos)
    scanner.pos = end
    return
  }
  const tagEnd = skip(value, pos + 1, letters)
  if (value.charCodeAt(tagEnd) !== dollar) {
    put(token, kind.word, pos, 1)
    scanner.pos = pos + 1
    return
  }
  // A tag that never comes again takes the whole rest, so the search happens once.
  const start = tagEnd + 1
  const close = value.indexOf(value.slice(pos, start), start)
  putQuoted(scanner, token, start, close, '$', '$', close + start - pos)
}
