import type { ByteSet, Lexer, Scanner } from './scanner.ts'
import { byteSet, put, skip, white } from './scanner.ts'
import type { Token } from './token.ts'
import { kind } from './token.ts'
import { word } from './words.ts'

const quote = 0x27
const decimal = byteSet('0123456789')
const hex = byteSet('0123456789abcdefABCDEF')
const binary = byteSet('01')

/** Numbers of all dialects, `.5`, `1e-3`, `0xff`, `0b1`, Oracle's `1f` and `1d`; and the single dot. */
export const number: Lexer = (scanner, token) => {
  const { value, pos } = scanner
  if (value[pos] === '0') {
    const next = value.charAt(pos + 1)
    const digits = next === 'x' || next === 'X' ? hex : next === 'b' || next === 'B' ? binary : undefined
    if (digits !== undefined) {
      radix(scanner, token, digits)
      return
    }
  }
  let end = skip(value, pos, decimal)
  if (value[end] === '.') {
    end = skip(value, end + 1, decimal)
    if (end === pos + 1) {
      put(token, kind.dot, pos, 1)
      scanner.pos = end
      return
    }
  }
  const mantissaEnd = end
  let hasExponent = false
  if (value[end] === 'e' || value[end] === 'E') {
    const sign = value[end + 1]
    const digits = end + (sign === '+' || sign === '-' ? 2 : 1)
    end = skip(value, digits, decimal)
    hasExponent = end > digits
  }
  // `1.e` or `10E+` without digits is a name to MySQL, as in `select 1.e.table_name`: a known way past filters.
  const isName = end > mantissaEnd && !hasExponent
  end = suffixEnd(value, end)
  put(token, isName ? kind.word : kind.number, pos, end - pos)
  scanner.pos = end
}

/** `0x…` and `0b…`; without a digit after it the prefix is a word. */
function radix(scanner: Scanner, token: Token, digits: ByteSet): void {
  const { value, pos } = scanner
  const end = skip(value, pos + 2, digits)
  put(token, end === pos + 2 ? kind.word : kind.number, pos, end - pos)
  scanner.pos = end
}

/** Oracle's `f` and `d` after a number: only where the number really ends, so that `1FROM` stays `1 FROM`; `1fUNION` is `1f UNION`. */
function suffixEnd(value: string, from: number): number {
  const suffix = value[from]
  if (suffix !== 'd' && suffix !== 'D' && suffix !== 'f' && suffix !== 'F') return from
  const next = value[from + 1]
  const ends = next === undefined || next === ';' || next === 'u' || next === 'U' || white[next.charCodeAt(0)] === 1
  return ends ? from + 1 : from
}

/** `x'1f'` and `b'01'`; with other content, or unclosed, the letter is a word and a string follows. */
function literal(scanner: Scanner, token: Token, digits: ByteSet): void {
  const { value, pos } = scanner
  if (value.charCodeAt(pos + 1) === quote) {
    const end = skip(value, pos + 2, digits)
    if (value.charCodeAt(end) === quote) {
      put(token, kind.number, pos, end + 1 - pos)
      scanner.pos = end + 1
      return
    }
  }
  word(scanner, token)
}

/** `x'…'`, hexadecimal. */
export const hexLiteral: Lexer = (scanner, token) => literal(scanner, token, hex)

/** `b'…'`, binary. */
export const bitLiteral: Lexer = (scanner, token) => literal(scanner, token, binary)
