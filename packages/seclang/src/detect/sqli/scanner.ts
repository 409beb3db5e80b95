import { sqlTokenBytesMax } from '../../bounds.ts'
import type { Kind, Reading, Token } from './token.ts'

/** The tokeniser's place in one value under one reading. */
export interface Scanner {
  readonly value: string
  readonly reading: Reading
  pos: number
  /** Tokens read so far, folded ones included: very short fingerprints are judged by it. */
  tokens: number
  /** A `#`, or `--` before something other than white space, was seen: MySQL would read on differently. */
  ambiguousComment: boolean
  /** The folder skipped an opening parenthesis at the start: the value is in parentheses of its own. */
  opened: boolean
}

/** Reads the token at `scanner.pos` into the slot and moves on. */
export type Lexer = (scanner: Scanner, token: Token) => void

/** A scanner at the start of the value. */
export function startScan(value: string, reading: Reading): Scanner {
  return { value, reading, pos: 0, tokens: 0, ambiguousComment: false, opened: false }
}

/** Fills the slot with an unquoted token; the text is cut at `sqlTokenBytesMax`, as nothing longer is ever compared. */
export function put(token: Token, kind: Kind, start: number, length: number): void {
  token.kind = kind
  token.start = start
  token.length = Math.min(length, sqlTokenBytesMax)
  token.open = ''
  token.close = ''
  token.sigils = 0
  token.word = ''
  token.phrase = ''
}

/** A set of bytes, one flag each. */
export type ByteSet = Uint8Array

/** The set of the characters of `bytes`, all of them 0x00 to 0xff. */
export function byteSet(bytes: string): ByteSet {
  const set = new Uint8Array(256)
  for (let i = 0; i < bytes.length; i++) set[bytes.charCodeAt(i)] = 1
  return set
}

/** Position of the first byte at or after `from` that is not in the set. */
export function skip(value: string, from: number, set: ByteSet): number {
  let pos = from
  while (pos < value.length && set[value.charCodeAt(pos)] === 1) pos++
  return pos
}

/** Position of the first byte at or after `from` that is in the set, or the length. */
export function skipTo(value: string, from: number, set: ByteSet): number {
  let pos = from
  while (pos < value.length && set[value.charCodeAt(pos)] !== 1) pos++
  return pos
}

/** What separates words for SQL servers. 0xA0 is white space to MySQL in latin1, an old way past filters; NUL to others. */
export const white: ByteSet = byteSet(' \t\n\v\f\r\xa0\0')
