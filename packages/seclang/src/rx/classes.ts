/** Bracket classes: `[a-z\d[:punct:]]` and their negations (pcre2pattern, "Square brackets and character classes"). */

import {
  type ByteSet,
  complement,
  digits,
  foldCase,
  letters,
  lowerLetters,
  noBytes,
  range,
  single,
  upperLetters,
  whiteSpace,
  wordBytes,
} from './byteset.ts'
import { quotation, readEscape } from './escapes.ts'
import { RegexError } from './syntax.ts'

const graphic = range(0x21, 0x7e)

/** POSIX names in the C locale: ASCII only. `word` and `ascii` are PCRE's own. */
const posix: Readonly<Record<string, ByteSet>> = {
  alpha: letters,
  lower: lowerLetters,
  upper: upperLetters,
  alnum: letters | digits,
  ascii: range(0x00, 0x7f),
  blank: single(0x09) | single(0x20),
  cntrl: range(0x00, 0x1f) | single(0x7f),
  digit: digits,
  graph: graphic,
  print: graphic | single(0x20),
  punct: graphic & complement(letters | digits),
  space: whiteSpace,
  word: wordBytes,
  xdigit: digits | range(0x41, 0x46) | range(0x61, 0x66),
}

/** One member: a byte that may begin a range, or a set that may not. */
type Member = { readonly end: number } & ({ readonly byte: number } | { readonly bytes: ByteSet })

const posixMember = (source: string, at: number, ignoreCase: boolean): Member | null => {
  const mark = source[at + 1]
  if (source[at] !== '[' || (mark !== ':' && mark !== '.' && mark !== '=')) return null
  const close = source.indexOf(`${mark}]`, at + 2)
  const inner = close < 0 ? '' : source.slice(at + 2, close)
  if (close < 0 || /[\]\\]/.test(inner)) return null // then the bracket is a plain member
  if (mark !== ':') throw new RegexError('collating elements such as [[.a.]] are not supported', at)
  const negated = inner.startsWith('^')
  const name = negated ? inner.slice(1) : inner
  // Without regard to case, upper and lower mean alpha before a negation applies (so [[:^lower:]] has no letters).
  const known = Object.hasOwn(posix, name) ? posix[name] : undefined
  if (known === undefined) throw new RegexError(`unknown POSIX class ${JSON.stringify(name)}`, at)
  const bytes = ignoreCase && (name === 'lower' || name === 'upper') ? letters : known
  return { bytes: negated ? complement(bytes) : bytes, end: close + 2 }
}

const readMember = (source: string, at: number, ignoreCase: boolean): Member => {
  const named = posixMember(source, at, ignoreCase)
  if (named !== null) return named
  if (source[at] !== '\\') return { byte: source.charCodeAt(at), end: at + 1 }
  const read = readEscape(source, at, 0, true)
  switch (read.kind) {
    case 'byte':
      return { byte: read.byte, end: read.end }
    case 'class':
      return { bytes: read.bytes, end: read.end }
    case 'quote': {
      const { text, end } = quotation(source, read.end)
      let bytes = noBytes
      for (let index = 0; index < text.length; index++) bytes |= single(text.charCodeAt(index))
      return { bytes: ignoreCase ? foldCase(bytes) : bytes, end }
    }
    case 'nothing':
      return { bytes: noBytes, end: read.end }
    default:
      throw new RegexError('this escape has no meaning inside a bracket class', at)
  }
}

/** The upper end of a range that may begin with the hyphen at `at`; null if the hyphen is a plain member (it stands last). */
const rangeEnd = (source: string, at: number, ignoreCase: boolean): Member | null => {
  if (source[at] !== '-' || source[at + 1] === ']' || at + 1 >= source.length) return null
  const member = readMember(source, at + 1, ignoreCase)
  // PCRE2 refuses a class as an end: [a-\d] is more likely a slip than a wish.
  if ('bytes' in member) throw new RegexError('a range must end in a single byte', at)
  return member
}

/** Reads the class whose `[` stands at `at`; returns its bytes and the place after `]`. */
export const readClass = (
  source: string,
  at: number,
  ignoreCase: boolean,
): { readonly bytes: ByteSet; readonly end: number } => {
  const negated = source[at + 1] === '^'
  const first = negated ? at + 2 : at + 1
  let bytes = noBytes
  let here = first
  // A closing bracket that stands first is a member.
  while (here === first || source[here] !== ']') {
    if (here >= source.length) throw new RegexError('a bracket class is not closed', at)
    const low = readMember(source, here, ignoreCase)
    const high = rangeEnd(source, low.end, ignoreCase)
    if ('bytes' in low) {
      if (high !== null) throw new RegexError('a range must start with a single byte', here)
      bytes |= low.bytes
    } else {
      const top = high !== null && 'byte' in high ? high.byte : low.byte
      if (top < low.byte) throw new RegexError('a range is the wrong way round', here)
      const span = range(low.byte, top)
      bytes |= ignoreCase ? foldCase(span) : span
    }
    here = high?.end ?? low.end
  }
  return { bytes: negated ? complement(bytes) : bytes, end: here + 1 }
}
