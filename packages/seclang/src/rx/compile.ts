/** Compiles a pattern to two V8 expressions: one that answers yes or no as cheaply as can be, and one
 *  that reads the groups of a value already known to match (V8 makes code for it only then). */

import {
  generatedSourceCharactersMax,
  globalMatchesMax,
  pathsWithoutFallbackMax,
  triesWhenWarmingUpMax,
} from '../bounds.ts'
import { type Emission, emit } from './emit.ts'
import { linearEngineAccepts } from './linear.ts'
import { parseRegex } from './parse.ts'
import { countPaths, countTriesOnNothing } from './paths.ts'
import { type Node, RegexError, type RegexOptions, type Tree } from './syntax.ts'
import { trimForTest } from './trim.ts'

/** Groups that a rule can read: the whole match and TX.1 to TX.9. */
const groupsRead = 10

export interface CompiledRegex {
  /** Tests one latin1 value. Where `captures` is given and the value matches, empties it and pushes the whole match and
   *  groups 1 to 9, an unmatched one as ''. Without it nothing is allocated. Never throws. */
  readonly exec: (value: string, captures: string[] | null) => boolean
  /** The JavaScript that answers yes or no. */
  readonly source: string
  /** Capturing groups of the pattern. */
  readonly groups: number
  /** True if time is linear in the value once the fallback is on (linear.ts); else why it is not. */
  readonly linear: true | string
  readonly tree: Tree
}

const construct = (source: string, flags: '' | 'g'): RegExp => {
  try {
    return new RegExp(source, flags)
  } catch {
    throw new RegexError('the expression is too large for the engine', 0)
  }
}

/** V8 finds out that an expression is too large only when it compiles it for a first value, and a second time when it
 *  makes machine code: both belong here, not into a request. Not where even no bytes at all could take long. */
const warmUp = (regex: RegExp, root: Node): void => {
  if (!(countTriesOnNothing(root) <= triesWhenWarmingUpMax)) return
  try {
    regex.test('')
    regex.test('')
  } catch {
    throw new RegexError('the expression is too large for the engine', 0)
  }
}

const judge = (root: Node, source: string, flags: '' | 'g'): true | string => {
  if (linearEngineAccepts(source, flags) || countPaths(root) <= pathsWithoutFallbackMax) return true
  if (/\\\d/.test(source)) return 'a reference or an atomic group needs the backtracking engine'
  if (/\(\?[=!]/.test(source)) return 'a look-ahead, or an anchor that needs one, needs the backtracking engine'
  if (flags === 'g' && source.includes('(?<'))
    return 'a search for all matches with ^ or a look-behind cannot be bounded'
  return 'the linear engine does not take its counts or look-behinds'
}

const emitBounded = (root: Node, captures: boolean): Emission => {
  const emission = emit(root, captures)
  if (emission.source.length > generatedSourceCharactersMax) {
    throw new RegexError('the expression is too large when written out', 0)
  }
  return emission
}

/** Appends the whole match and the groups, without the line feeds that a closing $ consumed. Returns the end of the match. */
const pushGroups = (found: RegExpExecArray, emission: Emission, groups: number, captures: string[]): number => {
  const whole = found[0]
  let cut = 0
  let within: readonly number[] = []
  for (const mark of emission.marks) {
    if (found[mark.group] === undefined) continue
    cut = 1
    within = mark.within
  }
  captures.push(whole.slice(0, whole.length - cut))
  for (let index = 1; index <= groups && index < groupsRead; index++) {
    const at = emission.groupOf.get(index)
    const text = (at === undefined ? undefined : found[at]) ?? ''
    captures.push(cut === 1 && within.includes(index) ? text.slice(0, -1) : text)
  }
  return found.index + whole.length - cut
}

const lineFeed = 0x0a

/** Compiles `pattern` (latin1) with PCRE's meaning. Throws `RegexError`. */
export const compileRegex = (pattern: string, options: RegexOptions): CompiledRegex => {
  const tree = parseRegex(pattern, options)
  const root = trimForTest(tree.root)
  const asked = emitBounded(root, false)
  const regex = construct(asked.source, '')
  warmUp(regex, root)
  const reading = emitBounded(tree.root, true)
  const reader = construct(reading.source, '')

  const matches = (value: string): boolean => {
    if (!asked.refuseAtEnd || value.charCodeAt(value.length - 1) !== lineFeed) return regex.test(value)
    const found = regex.exec(value)
    return found !== null && found.index < value.length
  }

  const exec = (value: string, captures: string[] | null): boolean => {
    try {
      if (!matches(value)) return false
      if (captures === null) return true
      captures.length = 0
      const found = reader.exec(value)
      if (found !== null) pushGroups(found, reading, tree.groups, captures)
      return true
    } catch {
      // V8's backtracking stack is full (values of many megabytes). No request may pass for that: it counts as a match.
      captures?.push('')
      return true
    }
  }
  const first = judge(root, asked.source, '')
  const linear = first === true ? judge(tree.root, reading.source, '') : first
  return { exec, source: asked.source, groups: tree.groups, linear, tree }
}

export interface CompiledGlobalRegex {
  /** As `CompiledRegex.exec`, but for every match in turn: whole match and groups of the first, then of the next, … */
  readonly exec: (value: string, captures: string[] | null) => boolean
  readonly linear: true | string
  readonly tree: Tree
}

/** Compiles `pattern` for all matches of a value that do not overlap, at most `globalMatchesMax` (@rxGlobal). */
export const compileGlobal = (pattern: string, options: RegexOptions): CompiledGlobalRegex => {
  const single = compileRegex(pattern, options)
  const { tree } = single
  const reading = emitBounded(tree.root, true)
  const regex = construct(reading.source, 'g')

  const exec = (value: string, captures: string[] | null): boolean => {
    if (!single.exec(value, null)) return false
    if (captures === null) return true
    captures.length = 0
    try {
      regex.lastIndex = 0
      for (let count = 0; count < globalMatchesMax; count++) {
        const found = regex.exec(value)
        if (found === null) break
        const before = captures.length
        const end = pushGroups(found, reading, tree.groups, captures)
        if (end > found.index) regex.lastIndex = end
        else {
          // An empty match tells nothing beside others; the published tests expect it only where it is the first.
          if (before > 0) captures.length = before
          regex.lastIndex = end + 1
        }
      }
    } catch {
      captures.push('')
    }
    return true
  }
  const linear = single.linear === true ? judge(tree.root, reading.source, 'g') : single.linear
  return { exec, linear, tree }
}
