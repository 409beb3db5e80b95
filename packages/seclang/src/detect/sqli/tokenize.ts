import { bitLiteral, hexLiteral, number } from './numbers.ts'
import { backslash, hash, longOperator, minus, operator, single, slash, variable } from './punctuation.ts'
import type { Lexer, Scanner } from './scanner.ts'
import { startScan } from './scanner.ts'
import { money, national, oracle, prefixed, quoted, readString, tick, unicode } from './strings.ts'
import type { Kind, Reading, Token } from './token.ts'
import { blankToken, kind } from './token.ts'
import { bracketed, word } from './words.ts'

const firstVisible = 0x21
const del = 0x7f
const noBreakSpace = 0xa0

/** Which lexer reads a token that begins with these bytes. Bytes not named here begin a word. */
const beginnings: readonly (readonly [string, Lexer])[] = [
  ['0123456789.', number],
  ['\'"', quoted],
  ['`', tick],
  ['$', money],
  ['[', bracketed],
  ['@', variable],
  ['#', hash],
  ['-', minus],
  ['/', slash],
  ['\\', backslash],
  ['+%^~', operator],
  ['!&*:<=>|', longOperator],
  ['bB', bitLiteral],
  ['xX', hexLiteral],
  ['eE', prefixed],
  ['nN', national],
  ['qQ', oracle],
  ['uU', unicode],
  ['?]', single(kind.unknown)],
  ...([...'(),;{}'] as Kind[]).map((byte): [string, Lexer] => [byte, single(byte)]),
]

/** By byte; `undefined` is white space. Control characters count as white space, as servers disagree on them. */
const lexers: readonly (Lexer | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  if (code < firstVisible || code === del || code === noBreakSpace) return undefined
  const byte = String.fromCharCode(code)
  return beginnings.find(([bytes]) => bytes.includes(byte))?.[1] ?? word
})

/** Reads the next token into the slot; false at the end of the value. */
export function nextToken(scanner: Scanner, token: Token): boolean {
  const { value, reading } = scanner
  if (scanner.pos === 0 && scanner.tokens === 0 && reading.quote !== '' && value !== '') {
    // The query's own quote is open: everything up to the next one is a string's tail.
    readString(scanner, token, 0, reading.quote, '')
    scanner.tokens = 1
    return true
  }
  while (scanner.pos < value.length) {
    const lexer = lexers[value.charCodeAt(scanner.pos)]
    if (lexer === undefined) {
      scanner.pos++
      continue
    }
    lexer(scanner, token)
    scanner.tokens++
    return true
  }
  return false
}

/** Every token of a value, for tests and for people who want to look; detection folds as it reads and never keeps them all. */
export function tokenize(value: string, reading: Reading): Token[] {
  const scanner = startScan(value, reading)
  const tokens: Token[] = []
  for (let token = blankToken(); nextToken(scanner, token); token = blankToken()) tokens.push(token)
  return tokens
}
