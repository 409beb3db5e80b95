/** Templates (`%{tx.score}`) as code. */

import { templateCharactersMax } from '../bounds.ts'
import type { Template } from '../parse/syntax.ts'
import type { State } from '../state.ts'
import type { Variable } from '../value.ts'
import { findVariable } from '../variables/index.ts'
import type { CompileContext } from './context.ts'
import { type Knowledge, lookUp } from './knowledge.ts'
import { memoised, type ReadTargets, readVariable } from './targets.ts'

export type Expand = (state: State) => string

type Part = Template[number]

/** The text of a template that is the same for every request here, or null. */
export function constantText(template: Template, knowledge: Knowledge): string | null {
  let text = ''
  for (const part of template) {
    const piece = typeof part === 'string' ? part : constantPart(part, knowledge)
    if (piece === null) return null
    text += piece
  }
  return text
}

function constantPart(part: Exclude<Part, string>, knowledge: Knowledge): string | null {
  if (part.collection !== 'tx' || part.key === null) return null
  const known = lookUp(knowledge, part.key.toLowerCase())
  return known === null ? null : String(known.value ?? '')
}

/** An unset variable expands to nothing. The text ends at `charactersMax`: a part that does not fit is cut or, where that would
 *  mean to copy megabytes for each match, left out. */
export function compileTemplate(
  template: Template,
  knowledge: Knowledge,
  context: CompileContext,
  charactersMax: number = templateCharactersMax,
): Expand {
  const constant = constantText(template, knowledge)
  if (constant !== null) return () => constant
  const parts = template.map((part): Expand => {
    if (typeof part === 'string') return () => part
    const known = constantPart(part, knowledge)
    return known === null ? reader(part, context) : () => known
  })
  const cuts = charactersMax < templateCharactersMax
  return (state) => {
    let text = ''
    for (const part of parts) {
      const piece = part(state)
      const room = charactersMax - text.length
      if (piece.length <= room) text += piece
      else if (cuts) text += piece.slice(0, room)
    }
    return text
  }
}

function reader({ collection, key }: Exclude<Part, string>, context: CompileContext): Expand {
  if (collection === 'tx' && key !== null) {
    const slot = context.slotOf(key.toLowerCase())
    return (state) => String(state.tx.slots[slot] ?? '')
  }
  const definition = findVariable(collection.toUpperCase())
  if (definition === undefined) {
    context.warn({ at: null, word: collection, reason: `%{${collection}} names no variable and expands to nothing` })
    return () => ''
  }
  if (
    definition.kind === 'collection' &&
    definition.changes === 'state' &&
    (key === null || manyValues.test(collection))
  ) {
    const reason = `%{${collection}${key === null ? '' : `.${key}`}} is no single value and expands to nothing`
    context.warn({ at: null, word: collection, reason })
    return () => ''
  }
  const read = readVariable(definition)
  if (key === null) return (state) => read(state)[0]?.value.text ?? ''
  const wanted = key.toLowerCase()
  const named = (variable: Variable): boolean => variable.key?.toLowerCase() === wanted
  const find: ReadTargets = (state) => read(state).filter(named).slice(0, 1)
  // Ten thousand matches must not look through ten thousand arguments each.
  const found = definition.changes === 'exchange' ? memoised(`%{${definition.name}.${wanted}}`, find) : find
  return (state) => found(state)[0]?.value.text ?? ''
}

/** Lists that grow with each match: to look through one for each match would cost the square. */
const manyValues = /^matched_vars/
