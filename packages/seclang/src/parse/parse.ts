/**
 * The SecLang parser: text to a flat list of directives, includes in their place, every node with its position.
 * A chain stays flat too: a rule with `chain`, then its link. Meaning (phases, names, ids that repeat) is the compiler's.
 */

import { includeDepthMax, ruleDirectivesMax, ruleFilesMax } from '../bounds.ts'
import { readDirective } from './directive.ts'
import { type DirectiveRow, findDirective } from './directives.ts'
import { fault, shown } from './fault.ts'
import { openFile, toDirective } from './lines.ts'
import { nearest } from './nearest.ts'
import type { Directive, Position } from './syntax.ts'
import { readWords, type Word } from './words.ts'

export interface RuleFile {
  readonly file: string
  /** Latin1: one character a byte. */
  readonly text: string
}

export interface ParseContext {
  /** The files that an Include names, in order; none if nothing matches. It may throw SecLangError at `at`. */
  readonly include: (pattern: string, at: Position) => readonly RuleFile[]
  /** Called once for each name of a directive that is accepted without effect, at its first place. */
  readonly warn: (warning: { readonly at: Position; readonly word: string; readonly reason: string }) => void
}

interface State {
  readonly context: ParseContext
  readonly found: Directive[]
  readonly warned: Set<string>
  /** The files being read, outermost first. */
  readonly open: string[]
  files: number
}

/** All directives of `text` and of the files it includes. Throws SecLangError at the first fault. Time is linear in the text. */
export function parse(text: string, file: string, context: ParseContext): Directive[] {
  const state: State = { context, found: [], warned: new Set(), open: [], files: 0 }
  readFile(state, { file, text })
  refuseLooseChains(state.found)
  return state.found
}

function readFile(state: State, { file, text }: RuleFile): void {
  state.files++
  state.open.push(file)
  const reader = openFile(text, file)
  while (toDirective(reader)) {
    const [name, ...words] = readWords(reader)
    const row = rowOf(name!)
    if (row.list === 'accepted') warnOnce(state, row, name!)
    if (row.argument === 'include') {
      includeFiles(state, row, name!, words)
      continue
    }
    if (state.found.length >= ruleDirectivesMax) {
      throw fault(name!.at, name!.text, `is one directive too many: at most ${ruleDirectivesMax} are read`)
    }
    state.found.push(readDirective(row, name!, words))
  }
  // Only a file inside itself is a ring; the same file twice in a row is allowed, as in Apache.
  state.open.pop()
}

/** The row of a directive that may be read; every other name ends here. */
function rowOf(name: Word): DirectiveRow {
  const row = findDirective(name.text)
  if (row?.list === 'refused') throw fault(name.at, name.text, row.reason)
  if (row !== undefined) return row
  if (name.text.startsWith('<')) {
    throw fault(name.at, name.text, 'is a section of Apache, not SecLang: remove it, and keep the directives inside')
  }
  const near = nearest(name.text)
  const says = near === null ? 'remove it, or continue the line before it with \\' : `did you mean ${near}?`
  throw fault(name.at, name.text, `is not a directive: ${says}`)
}

function warnOnce(state: State, row: DirectiveRow, name: Word): void {
  if (state.warned.has(row.name)) return
  state.warned.add(row.name)
  state.context.warn({ at: name.at, word: name.text, reason: `${row.name} has no effect: ${row.reason}` })
}

/** Rings and bounds are checked before a file's text is read: nested includes can double the work at each level. */
function includeFiles(state: State, row: DirectiveRow, name: Word, words: readonly Word[]): void {
  const [pattern, spare] = words
  if (pattern === undefined || pattern.text === '') throw fault(name.at, name.text, `needs an argument: ${row.reason}`)
  if (spare !== undefined) throw fault(spare.at, spare.text, `is one argument too many for Include: ${row.reason}`)
  if (state.open.length > includeDepthMax) {
    throw fault(pattern.at, pattern.text, `is included too deep: at most ${includeDepthMax} levels are read`)
  }
  const files = state.context.include(pattern.text, pattern.at)
  // A plain name that is gone is a rule set that is not loaded; a pattern is how optional plugins are named.
  if (files.length === 0 && !/[*?[]/.test(pattern.text)) {
    throw fault(
      pattern.at,
      pattern.text,
      'is not there: name a file that exists, or a pattern such as *.conf, which may match nothing',
    )
  }
  for (const one of files) {
    if (state.open.includes(one.file)) {
      const way = [...state.open.slice(state.open.indexOf(one.file)), one.file].map(shown).join(' -> ')
      throw fault(pattern.at, pattern.text, `includes a file that is being read: ${way}; remove one Include`)
    }
    if (state.files >= ruleFilesMax) {
      throw fault(pattern.at, pattern.text, `is one file too many: at most ${ruleFilesMax} are read`)
    }
    readFile(state, one)
  }
}

/** A `chain` without its link would otherwise match on half of its conditions. */
function refuseLooseChains(found: readonly Directive[]): void {
  for (const [index, directive] of found.entries()) {
    if (directive.kind !== 'rule' && directive.kind !== 'action') continue
    const chain = directive.actions.find((action) => action.name === 'chain')
    if (chain === undefined || found[index + 1]?.kind === 'rule') continue
    throw fault(
      chain.at,
      'chain',
      'is followed by no SecRule: put the rule that it continues with directly behind, or remove it',
    )
  }
}
