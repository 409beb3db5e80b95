/** Quantifiers: `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`, `{,m}`, each greedy, lazy (`?`) or possessive (`+`). */

import { patternRepeatMax } from '../bounds.ts'
import { contains, maximumLength } from './measure.ts'
import { empty, type Node, RegexError } from './syntax.ts'

export interface Quantifier {
  readonly min: number
  readonly max: number
  readonly mode: 'greedy' | 'lazy' | 'possessive'
  /** The place after it. */
  readonly end: number
}

const counted = /\{(\d*)(,?)(\d*)\}/y

const readCounts = (source: string, at: number): { min: number; max: number; end: number } | null => {
  counted.lastIndex = at
  const found = counted.exec(source)
  if (found === null) return null
  const [, low = '', comma = '', high = ''] = found
  if (low === '' && high === '') return null // `{}` and `{,}` are literal
  const min = low === '' ? 0 : Number(low)
  const max = comma === '' ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high)
  if (min > patternRepeatMax || (max !== Number.POSITIVE_INFINITY && max > patternRepeatMax)) {
    throw new RegexError(`a count may be ${patternRepeatMax} at most`, at)
  }
  if (max < min) throw new RegexError('the counts of a repetition are the wrong way round', at)
  return { min, max, end: at + found[0].length }
}

/** The quantifier at `at`, or null if there is none; braces that hold no counts are literal.
 *  `{,m}` counts from zero, as in Perl and PCRE2 from 10.43 on. */
export const readQuantifier = (source: string, at: number): Quantifier | null => {
  const infinity = Number.POSITIVE_INFINITY
  const character = source[at]
  const counts =
    character === '*'
      ? { min: 0, max: infinity, end: at + 1 }
      : character === '+'
        ? { min: 1, max: infinity, end: at + 1 }
        : character === '?'
          ? { min: 0, max: 1, end: at + 1 }
          : character === '{'
            ? readCounts(source, at)
            : null
  if (counts === null) return null
  const suffix = source[counts.end]
  if (suffix === '?') return { ...counts, mode: 'lazy', end: counts.end + 1 }
  if (suffix === '+') return { ...counts, mode: 'possessive', end: counts.end + 1 }
  return { ...counts, mode: 'greedy' }
}

/** Applies a quantifier to a node. What consumes nothing needs one turn at most, or none: PCRE does the same, and V8
 *  compiles rows of counted loops around \b in exponential time. */
export const quantify = (body: Node, quantifier: Quantifier, offset: number): Node => {
  const { min, max, mode } = quantifier
  const idle = maximumLength(body) === 0
  if (idle && min === 0 && !contains(body, ({ kind }) => kind === 'capture')) return empty
  const turns = idle ? 1 : Number.POSITIVE_INFINITY
  const repeat: Node = {
    kind: 'repeat',
    body,
    min: Math.min(min, turns),
    max: Math.min(max, turns),
    lazy: mode === 'lazy',
  }
  return mode === 'possessive' ? { kind: 'atomic', body: repeat, offset } : repeat
}
