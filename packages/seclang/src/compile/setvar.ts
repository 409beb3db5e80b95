/** `setvar`, `expirevar`: what they change, as data for the folding and as code. */

import { variableNameCharactersMax } from '../bounds.ts'
import { type ActionNode, SecLangError, type Template } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import type { PersistentName, State } from '../state.ts'
import { added, type TxValue, toNumber } from '../tx.ts'
import type { CompileContext } from './context.ts'
import { type Knowledge, lookUp } from './knowledge.ts'
import { compileTemplate, constantText, type Expand } from './template.ts'

export type Effect = (state: State) => void

export interface Assignment {
  readonly collection: 'tx' | PersistentName
  /** Lower case as far as it is spelt out. */
  readonly name: Template
  readonly change: 'set' | 'remove' | 'add' | 'subtract'
  readonly value: Template
}

const collections: readonly string[] = ['tx', 'global', 'ip', 'resource', 'session', 'user']

/** `!tx.name`, `tx.name`, `tx.name=value`, `tx.name=+value`, `tx.name=-value` (ModSecurity reference, setvar). */
export function parseAssignment(action: ActionNode): Assignment {
  const text = action.argument as string
  const removes = text.startsWith('!')
  const equals = text.indexOf('=')
  const left = text.slice(removes ? 1 : 0, equals === -1 ? text.length : equals).trim()
  const dot = left.search(/[.:]/)
  const collection = left.slice(0, dot).toLowerCase()
  if (dot <= 0 || dot === left.length - 1 || !collections.includes(collection)) {
    throw new SecLangError(
      action.at,
      text,
      `setvar "${text}" names no variable; write COLLECTION.NAME with one of ${collections.join(', ')}`,
    )
  }
  if (removes && equals !== -1) throw new SecLangError(action.at, text, `setvar "${text}" both removes and sets`)
  const right = equals === -1 ? '1' : text.slice(equals + 1)
  const change = removes ? 'remove' : right.startsWith('+') ? 'add' : right.startsWith('-') ? 'subtract' : 'set'
  const value = change === 'add' || change === 'subtract' ? right.slice(1) : right
  return {
    collection: collection as Assignment['collection'],
    name: parseTemplate(left.slice(dot + 1)).map((part) => (typeof part === 'string' ? part.toLowerCase() : part)),
    change,
    value: parseTemplate(value),
  }
}

/** The name that an assignment writes, in lower case, where it is the same for every request. */
export function constantName({ name }: Assignment, knowledge: Knowledge): string | null {
  return constantText(name, knowledge)?.slice(0, variableNameCharactersMax).toLowerCase() ?? null
}

/** The value that an assignment leaves, where it is the same for every request. */
export function constantResult(
  assignment: Assignment,
  name: string,
  knowledge: Knowledge,
): { readonly value: TxValue } | null {
  if (assignment.change === 'remove') return { value: undefined }
  const text = constantText(assignment.value, knowledge)
  if (text === null) return null
  if (assignment.change === 'set') return { value: stored(text) }
  const before = lookUp(knowledge, name)
  if (before === null) return null
  const amount = toNumber(text)
  return { value: added(toNumber(before.value), assignment.change === 'add' ? amount : -amount) }
}

/** A text that is a plain whole number is kept as one: scores are read as numbers far more often than as text. */
function stored(text: string): TxValue {
  return /^(?:0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text
}

export function compileAssignment(assignment: Assignment, knowledge: Knowledge, context: CompileContext): Effect {
  const name = constantName(assignment, knowledge)
  const next = compileChange(assignment, knowledge, context)
  if (assignment.collection !== 'tx') {
    const { collection } = assignment
    const nameOf = compileName(assignment.name, knowledge, context)
    return (state) => {
      const record = state.records.get(collection)
      if (record === undefined) return
      const now = Date.now()
      const variable = nameOf(state)
      record.set(variable, next(record.get(variable, now), state), now)
    }
  }
  if (name !== null) {
    const slot = context.slotOf(name)
    return (state) => {
      state.tx.slots[slot] = next(state.tx.slots[slot], state)
    }
  }
  const nameOf = compileName(assignment.name, knowledge, context)
  return (state) => {
    const made = nameOf(state)
    state.tx.set(made, next(state.tx.get(made), state))
  }
}

function compileName(name: Template, knowledge: Knowledge, context: CompileContext): Expand {
  const expand = compileTemplate(name, knowledge, context, variableNameCharactersMax)
  return (state) => expand(state).toLowerCase()
}

function compileChange(
  { change, value }: Assignment,
  knowledge: Knowledge,
  context: CompileContext,
): (before: TxValue, state: State) => TxValue {
  if (change === 'remove') return () => undefined
  const constant = constantText(value, knowledge)
  if (constant !== null) {
    const text = stored(constant)
    if (change === 'set') return () => text
    const amount = change === 'add' ? toNumber(constant) : -toNumber(constant)
    return (before) => added(toNumber(before), amount)
  }
  const expand = compileTemplate(value, knowledge, context)
  if (change === 'set') return (_before, state) => expand(state)
  const sign = change === 'add' ? 1 : -1
  return (before, state) => added(toNumber(before), sign * toNumber(expand(state)))
}

/** `expirevar:ip.blocked=60`: seconds from now. TX ends with the transaction, so that it cannot expire before. */
export function compileExpiry(action: ActionNode, knowledge: Knowledge, context: CompileContext): Effect {
  const { collection, name, value } = parseAssignment(action)
  if (collection === 'tx') {
    context.warn({
      at: action.at,
      word: 'expirevar',
      reason: 'a TX variable lives as long as its transaction; expirevar has no effect on it',
    })
    return () => {}
  }
  const nameOf = compileName(name, knowledge, context)
  const secondsOf = compileTemplate(value, knowledge, context)
  return (state) => {
    state.records.get(collection)?.expire(nameOf(state), toNumber(secondsOf(state)), Date.now())
  }
}
