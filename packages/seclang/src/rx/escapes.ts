/** Backslash sequences of PCRE2 (pcre2pattern, "Backslash"), outside and inside bracket classes. What has no exact
 *  equivalent over bytes is refused: a wrong meaning would be a hole that nobody sees. */

import {
  allBytes,
  type ByteSet,
  complement,
  digits,
  horizontalSpace,
  lineFeed,
  verticalSpace,
  whiteSpace,
  wordBytes,
} from './byteset.ts'
import { type Place, RegexError } from './syntax.ts'

/** What one sequence says, and where it ends. `back` names a group by number, relative number or name. */
export type Escape = { readonly end: number } & (
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'class'; readonly bytes: ByteSet }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'lineBreak' }
  | { readonly kind: 'quote' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'back'; readonly group: number | string }
)

/** Control characters by their letter. `\v` is absent on purpose: in PCRE it is a class. */
const controls: Readonly<Record<string, number>> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 }

const classes: Readonly<Record<string, ByteSet>> = {
  d: digits,
  D: complement(digits),
  w: wordBytes,
  W: complement(wordBytes),
  s: whiteSpace,
  S: complement(whiteSpace),
  h: horizontalSpace,
  H: complement(horizontalSpace),
  v: verticalSpace,
  V: complement(verticalSpace),
}

const places: Readonly<Record<string, Place>> = {
  A: 'start',
  z: 'end',
  Z: 'finalEnd',
  b: 'wordEdge',
  B: 'notWordEdge',
}

const refused: Readonly<Record<string, string>> = {
  p: 'Unicode properties have no meaning for bytes; list the bytes instead',
  P: 'Unicode properties have no meaning for bytes; list the bytes instead',
  X: 'Unicode characters have no meaning for bytes',
  K: 'no support for \\K; use a capturing group',
  G: 'no support for \\G',
  L: 'PCRE does not know \\L',
  l: 'PCRE does not know \\l',
  U: 'PCRE does not know \\U',
  u: 'PCRE does not know \\u; write a byte as \\x{HH}',
}

const isOctal = (code: number): boolean => code >= 0x30 && code <= 0x37
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isHex = (code: number): boolean =>
  isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)

const readWhile = (source: string, at: number, most: number, test: (code: number) => boolean): string => {
  let end = at
  while (end < source.length && end - at < most && test(source.charCodeAt(end))) end++
  return source.slice(at, end)
}

const byte = (text: string, radix: 8 | 16, at: number, end: number): Escape => {
  // Twenty digits are beyond exact numbers, but far above 0xFF either way.
  const value = Number.parseInt(text === '' ? '0' : text, radix)
  if (value > 0xff) throw new RegexError('a code point above 0xFF is not a byte', at)
  return { kind: 'byte', byte: value, end }
}

const braced = (source: string, at: number, test: (code: number) => boolean): { text: string; end: number } => {
  if (source[at] !== '{') throw new RegexError('expected an opening brace', Math.min(at, source.length))
  const text = readWhile(source, at + 1, source.length, test)
  const end = at + 1 + text.length
  if (text === '' || source[end] !== '}') throw new RegexError('expected digits and a closing brace', end)
  return { text, end: end + 1 }
}

/** \xHH, with none to two digits as in PCRE, and \x{…}. `at` is after the letter. */
const hexadecimal = (source: string, at: number): Escape => {
  if (source[at] === '{') {
    const { text, end } = braced(source, at, isHex)
    return byte(text, 16, at, end)
  }
  const text = readWhile(source, at, 2, isHex)
  return byte(text, 16, at, at + text.length)
}

const control = (source: string, at: number): Escape => {
  const code = source.charCodeAt(at)
  if (!(code >= 0x20 && code <= 0x7e)) throw new RegexError('\\c must be followed by a printable ASCII character', at)
  const upper = code >= 0x61 && code <= 0x7a ? code - 0x20 : code
  return { kind: 'byte', byte: upper ^ 0x40, end: at + 1 }
}

const closers: Readonly<Record<string, string>> = { '{': '}', '<': '>', "'": "'" }

/** \g1, \g{-1}, \g{name}, \k<name> and its spellings. \g<…> and \g'…' would call the group as a subroutine. */
const reference = (source: string, letter: string, at: number): Escape => {
  const opener = source[at] ?? ''
  if (letter === 'g' && opener !== '{') {
    if (opener === '<' || opener === "'") throw new RegexError('no support for calling a group (\\g<…>)', at)
    const found = /^[+-]?\d{1,5}/.exec(source.slice(at, at + 8))
    if (found === null) throw new RegexError('\\g must be followed by a number or a braced name', at)
    return { kind: 'back', group: relative(found[0], at), end: at + found[0].length }
  }
  const closer = closers[opener]
  const close = closer === undefined ? -1 : source.indexOf(closer, at + 1)
  if (close < 0) throw new RegexError(`\\${letter} must be followed by a name in brackets`, at)
  const name = source.slice(at + 1, close)
  const group = letter === 'g' && /^[+-]?\d{1,5}$/.test(name) ? relative(name, at) : name
  return { kind: 'back', group, end: close + 1 }
}

/** Relative numbers stay strings with their sign, for the parser to resolve. */
const relative = (text: string, at: number): number | string => {
  if (text.startsWith('+')) throw new RegexError('a reference to a later group can never be set', at)
  return text.startsWith('-') ? text : Number(text)
}

/** Backslash and digits: below ten, beginning with 8 or 9, or a group that is already there: a reference; else octal
 *  (pcre2pattern, "Non-printing characters"). Inside a class there are no references. */
const numeric = (source: string, at: number, groupsSoFar: number, inClass: boolean): Escape => {
  if (!inClass && source[at] !== '0') {
    const text = readWhile(source, at, 6, isDigit)
    const group = Number(text)
    if (group < 10 || text >= '8' || group <= groupsSoFar) return { kind: 'back', group, end: at + text.length }
  }
  const octal = readWhile(source, at, 3, isOctal)
  if (octal === '') return { kind: 'byte', byte: source.charCodeAt(at), end: at + 1 }
  return byte(octal, 8, at, at + octal.length)
}

/** Reads the sequence whose backslash stands at `at`. Throws `RegexError` for what PCRE or this engine refuses. */
export const readEscape = (source: string, at: number, groupsSoFar: number, inClass: boolean): Escape => {
  const letter = source[at + 1]
  if (letter === undefined) throw new RegexError('a backslash ends the pattern', at)
  const after = at + 2
  const code = letter.charCodeAt(0)
  if (isDigit(code)) return numeric(source, at + 1, groupsSoFar, inClass)
  if (letter === 'b' && inClass) return { kind: 'byte', byte: 0x08, end: after }
  const bytes = classes[letter]
  if (bytes !== undefined) return { kind: 'class', bytes, end: after }
  const known = controls[letter]
  if (known !== undefined) return { kind: 'byte', byte: known, end: after }
  if (letter === 'x') return hexadecimal(source, after)
  if (letter === 'c') return control(source, after)
  if (letter === 'Q') return { kind: 'quote', end: after }
  if (letter === 'E') return { kind: 'nothing', end: after }
  if (letter === 'o') {
    const { text, end } = braced(source, after, isOctal)
    return byte(text, 8, after, end)
  }
  const why = refused[letter]
  if (why !== undefined) throw new RegexError(why, at)
  if (!/[0-9A-Za-z]/.test(letter)) return { kind: 'byte', byte: code, end: after }
  if (inClass) throw new RegexError(`\\${letter} has no meaning inside a bracket class`, at)
  const place = places[letter]
  if (place !== undefined) return { kind: 'place', place, end: after }
  if (letter === 'g' || letter === 'k') return reference(source, letter, after)
  if (letter === 'R') return { kind: 'lineBreak', end: after }
  if (letter === 'C') return { kind: 'class', bytes: allBytes, end: after }
  if (letter === 'N') {
    if (source.startsWith('{U+', after)) throw new RegexError('\\N{U+…} has no meaning for bytes', at)
    return { kind: 'class', bytes: complement(lineFeed), end: after }
  }
  throw new RegexError(`\\${letter} has no meaning in PCRE`, at)
}

/** Where the quotation that starts at `at` (after \Q) ends, and where the pattern goes on. Without \E it runs to the end. */
export const quotation = (source: string, at: number): { readonly text: string; readonly end: number } => {
  const close = source.indexOf('\\E', at)
  return close < 0 ? { text: source.slice(at), end: source.length } : { text: source.slice(at, close), end: close + 2 }
}
