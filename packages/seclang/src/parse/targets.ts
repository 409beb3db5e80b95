/**
 * `ARGS|&TX:x|!ARGS:/^a|b/|REQUEST_HEADERS:'odd|name'|XML://@*`: what a rule reads.
 *
 * A selector in '…' may hold anything (`\'` is a quote); `/…/` is a regular expression and ends at the slash before a bar
 * or the list's end; under XML every selector is a path; the rest is a key up to the next bar. Whether a name exists is the
 * compiler's question.
 */

import { isBlank, skipBlanks, trimEnd } from './blanks.ts'
import { fault, missing } from './fault.ts'
import { unquote } from './quotes.ts'
import type { Selector, TargetNode } from './syntax.ts'
import { positionIn, type Word } from './words.ts'

const ampersand = 0x26
const exclamation = 0x21
const singleQuote = 0x27
const colon = 0x3a
const slash = 0x2f
const bar = 0x7c
const comma = 0x2c
const backslash = 0x5c

/** The separators of a list: SecRule knows the bar alone, since a key may hold commas. */
export type Separators = 'bars' | 'bars or commas'

/** The targets of one word, in order. With 'bars or commas' a comma before `!` or `&` separates too (SecRuleUpdateTarget…). */
export function parseTargets(word: Word, separators: Separators): TargetNode[] {
  const targets: TargetNode[] = []
  let offset = 0
  for (;;) {
    const read = readTarget(word, skipBlanks(word.text, offset), separators)
    targets.push(read.target)
    offset = skipBlanks(word.text, read.end)
    if (offset >= word.text.length) return targets
    if (!isSeparator(word.text, offset, separators)) {
      const says = 'follows the closed selector of a target: put | between two targets'
      throw fault(positionIn(word, offset), word.text.slice(offset), says)
    }
    offset++
  }
}

/** One target from its sign on; `end` is the offset behind its name or selector. */
function readTarget(word: Word, start: number, separators: Separators): { target: TargetNode; end: number } {
  const { text } = word
  const sign = text.charCodeAt(start)
  const kind = sign === exclamation ? 'exclude' : sign === ampersand ? 'count' : 'include'
  const nameStart = kind === 'include' ? start : start + 1
  let end = nameStart
  while (end < text.length && text.charCodeAt(end) !== colon && !isSeparator(text, end, separators)) end++
  const name = text.slice(nameStart, trimEnd(text, nameStart, end))
  const at = positionIn(word, start)
  if (start >= text.length || (end === start && text.charCodeAt(end) !== colon)) {
    throw missing(at, 'a target is missing here: remove the spare | or name a variable')
  }
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
    throw fault(at, text.slice(start, end), 'is not a variable: write NAME, NAME:key, &NAME or !NAME:key')
  }
  const upper = name.toUpperCase()
  if (text.charCodeAt(end) !== colon) return { target: { at, kind, name: upper, selector: null }, end }
  const read = readSelector(word, end + 1, upper, separators)
  return { target: { at, kind, name: upper, selector: read.value }, end: read.end }
}

/** The selector behind the colon. Blanks at the end of a key go, since lists are written with blanks around bars. */
function readSelector(
  word: Word,
  start: number,
  name: string,
  separators: Separators,
): { value: Selector; end: number } {
  const { text } = word
  const first = text.charCodeAt(start)
  if (first === singleQuote) {
    const quoted = unquote(word, start)
    return { value: selectorOf(word, start, quoted.value, name), end: quoted.end }
  }
  if (first === slash && name !== 'XML') {
    const end = endOfPattern(text, start + 1, separators)
    if (end < 0) {
      const says =
        "opens a regular expression that is not closed: end it with /, or write '...' for a key that begins with /"
      throw fault(positionIn(word, start), text.slice(start), says)
    }
    return { value: { kind: 'pattern', source: text.slice(start + 1, end) }, end: end + 1 }
  }
  let end = start
  while (end < text.length && !isSeparator(text, end, separators)) end++
  return { value: selectorOf(word, start, text.slice(start, trimEnd(text, start, end)), name), end }
}

/** A quoted expression keeps its slashes inside the quotes: `'/a|b/'`. */
function selectorOf(word: Word, start: number, value: string, name: string): Selector {
  if (value === '') {
    const reason = `a key is missing behind ${name}: write ${name} alone for the whole collection`
    throw missing(positionIn(word, start), reason)
  }
  if (name === 'XML') return { kind: 'xpath', path: value }
  const pattern = value.length > 1 && value.startsWith('/') && value.endsWith('/')
  return pattern ? { kind: 'pattern', source: value.slice(1, -1) } : { kind: 'key', key: value }
}

/** The slash that closes an expression, or -1: not behind a backslash, and only a separator or the end may follow. */
function endOfPattern(text: string, start: number, separators: Separators): number {
  let closing = -1
  for (let offset = start; offset < text.length; offset++) {
    const code = text.charCodeAt(offset)
    if (closing >= 0 && isSeparator(text, offset, separators)) return closing
    if (code === slash) closing = offset
    else if (!isBlank(code)) closing = -1
    if (code === backslash) offset++
  }
  return closing
}

/** A comma separates only where a signed target must follow, because keys and expressions hold commas (`{1,3}`). */
function isSeparator(text: string, offset: number, separators: Separators): boolean {
  const code = text.charCodeAt(offset)
  if (code === bar) return true
  if (code !== comma || separators === 'bars') return false
  // Decided by the next character alone, blanks not skipped: a run of ", , ," must not cost its square.
  const next = text.charCodeAt(isBlank(text.charCodeAt(offset + 1)) ? offset + 2 : offset + 1)
  return next === exclamation || next === ampersand
}
