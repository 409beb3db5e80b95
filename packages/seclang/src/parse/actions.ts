/** `id:1,deny,msg:'a, b',setvar:tx.x=+1`: what a rule does. Which actions exist is the compiler's question. */

import { skipBlanks, trimEnd } from './blanks.ts'
import { fault, missing } from './fault.ts'
import { unquote } from './quotes.ts'
import type { ActionNode } from './syntax.ts'
import { positionIn, type Word } from './words.ts'

const singleQuote = 0x27
const comma = 0x2c
const colon = 0x3a

/** The actions of one word, in order. An argument in '…' may hold commas; one without ends at the next comma. */
export function parseActions(word: Word): ActionNode[] {
  const { text } = word
  const actions: ActionNode[] = []
  let offset = 0
  for (;;) {
    const start = skipBlanks(text, offset)
    const { action, end } = readAction(word, start)
    actions.push(action)
    // A comma at the very end announces an action that never comes: the next turn refuses it.
    if (end >= text.length) return actions
    offset = end + 1
  }
}

/** One action; `end` is the offset of the comma behind it, or of the word's end. */
function readAction(word: Word, start: number): { action: ActionNode; end: number } {
  const { text } = word
  const at = positionIn(word, start)
  let end = start
  while (end < text.length && text.charCodeAt(end) !== comma && text.charCodeAt(end) !== colon) end++
  const written = text.slice(start, trimEnd(text, start, end))
  if (written === '') {
    throw missing(at, 'an action is missing here: remove the spare comma or name an action')
  }
  // ModSecurity 3 has no comments between the lines of a list; read as text, it would swallow the next action.
  if (written.startsWith('#'))
    throw fault(at, written, 'is a comment inside a list of actions: give it a line of its own')
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(written)) {
    throw fault(
      at,
      written,
      'is not an action: write name or name:argument, with commas between, and quote an argument with commas',
    )
  }
  const name = written.toLowerCase()
  if (text.charCodeAt(end) !== colon) return { action: { at, name, argument: null }, end }
  const argument = readArgument(word, skipBlanks(text, end + 1), written)
  return { action: { at, name, argument: argument.value }, end: argument.end }
}

/** The argument behind the colon. A comma outside quotes always ends it: in `msg:a, b` the next action is `b`. */
function readArgument(word: Word, start: number, name: string): { readonly value: string; readonly end: number } {
  const { text } = word
  if (text.charCodeAt(start) === singleQuote) {
    const quoted = unquote(word, start)
    const end = skipBlanks(text, quoted.end)
    if (end < text.length && text.charCodeAt(end) !== comma) {
      const says = `follows the closing quote of ${name}: put a comma between two actions, or write \\' for a quote inside`
      throw fault(positionIn(word, end), text.slice(end), says)
    }
    return { value: quoted.value, end }
  }
  const next = text.indexOf(',', start)
  const end = next < 0 ? text.length : next
  const value = text.slice(start, trimEnd(text, start, end))
  if (value === '') throw fault(positionIn(word, start), `${name}:`, 'needs an argument behind the colon')
  return { value, end }
}
