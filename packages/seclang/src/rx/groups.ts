/** What follows an opening parenthesis: capturing, named, atomic and look-around groups, and options (?i) in PCRE2's
 *  spellings. Everything that would need a stack or a program (recursion, conditionals, callouts, verbs) is refused. */

import { RegexError, type RegexOptions } from './syntax.ts'

/** The options at one place of a pattern: those of the caller, and (?x). */
export interface Options extends RegexOptions {
  readonly extended: boolean
}

/** `end` is where the group's content begins; for `options` and `reference`, where the pattern goes on. */
export type Opening = { readonly end: number } & (
  | { readonly kind: 'capture'; readonly name: string | null }
  | { readonly kind: 'plain'; readonly options: Options }
  | { readonly kind: 'options'; readonly options: Options }
  | { readonly kind: 'atomic' }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean }
  | { readonly kind: 'reference'; readonly name: string }
)

const letterOf: Readonly<Record<string, keyof Options>> = {
  i: 'ignoreCase',
  m: 'multiline',
  s: 'dotAll',
  x: 'extended',
}

const none: Options = { ignoreCase: false, multiline: false, dotAll: false, extended: false }

/** (?i), (?i-s), (?^), (?i:…). `at` is after `(?`. */
const readOptions = (source: string, at: number, before: Options): Opening => {
  const options: { -readonly [name in keyof Options]: Options[name] } = { ...before }
  let here = at
  let value = true
  if (source[here] === '^') {
    Object.assign(options, none)
    here++
  }
  for (; here < source.length; here++) {
    const letter = source[here] as string
    if (letter === ')') return { kind: 'options', options, end: here + 1 }
    if (letter === ':') return { kind: 'plain', options, end: here + 1 }
    if (letter === '-') {
      if (!value || source[at] === '^') throw new RegexError('a hyphen too many among options', here)
      value = false
      continue
    }
    const name = Object.hasOwn(letterOf, letter) ? letterOf[letter] : undefined
    if (name === undefined) throw new RegexError(`no support for (?${letter}`, here)
    if (letter === 'x' && source[here + 1] === 'x') throw new RegexError('no support for (?xx)', here)
    options[name] = value
  }
  throw new RegexError('a group is not closed', at)
}

const nameAt = /[A-Za-z_]\w{0,127}/y

const readName = (source: string, at: number, closer: string): { name: string; end: number } => {
  nameAt.lastIndex = at
  const name = nameAt.exec(source)?.[0]
  if (name === undefined || source[at + name.length] !== closer) {
    throw new RegexError('expected the name of a group: a letter, then letters, digits or _', at)
  }
  return { name, end: at + name.length + 1 }
}

const looks: readonly (readonly [mark: string, ahead: boolean, negative: boolean])[] = [
  ['=', true, false],
  ['!', true, true],
  ['<=', false, false],
  ['<!', false, true],
]

const refused: readonly (readonly [mark: string, why: string])[] = [
  ['|', 'no support for (?|…): number the groups apart'],
  ['(', 'no support for conditional groups'],
  ['R', 'no support for recursion'],
  ['&', 'no support for calling a group'],
  ['P>', 'no support for calling a group'],
  ['+', 'no support for calling a group'],
  ['C', 'no support for callouts'],
]

/** Reads the group whose parenthesis stands at `at`. */
export const readOpening = (source: string, at: number, options: Options): Opening => {
  if (source[at + 1] === '*') throw new RegexError('no support for verbs such as (*FAIL)', at)
  if (source[at + 1] !== '?') return { kind: 'capture', name: null, end: at + 1 }
  const here = at + 2
  const starts = (mark: string): boolean => source.startsWith(mark, here)
  for (const [mark, why] of refused) if (starts(mark)) throw new RegexError(why, at)
  if (/^-?\d/.test(source.slice(here, here + 2))) throw new RegexError('no support for calling a group', at)
  if (starts('>')) return { kind: 'atomic', end: here + 1 }
  for (const [mark, ahead, negative] of looks) {
    if (starts(mark)) return { kind: 'look', ahead, negative, end: here + mark.length }
  }
  if (starts('P=')) return { kind: 'reference', ...readName(source, here + 2, ')') }
  if (starts('P<')) return { kind: 'capture', ...readName(source, here + 2, '>') }
  if (starts('<')) return { kind: 'capture', ...readName(source, here + 1, '>') }
  if (starts("'")) return { kind: 'capture', ...readName(source, here + 1, "'") }
  return readOptions(source, here, options)
}
