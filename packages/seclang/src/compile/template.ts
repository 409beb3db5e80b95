/** Templates (`%{tx.score}`) as code. */

import { templateCharactersMax } from '../bounds.ts'
import type { Template } from '../parse/syntax.ts'
import type { State } from '../state.ts'
import type { Variable } from '../value.ts'
import { findVariable } from '../variables/index.ts'
import type { CompileContext } from './context.ts'
import { type Knowledge, lookUp } from './knowledge.ts'

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

/** An unset variable expands to nothing. */
export function compileTemplate(template: Template, knowledge: Knowledge, context: CompileContext): Expand {
  const constant = constantText(template, knowledge)
  if (constant !== null) return () => constant
  const parts = template.map((part): Expand => {
    if (typeof part === 'string') return () => part
    const known = constantPart(part, knowledge)
    return known === null ? reader(part, context) : () => known
  })
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return (state) => {
    let text = ''
    for (const part of parts) text += part(state)
    return text.length > templateCharactersMax ? text.slice(0, templateCharactersMax) : text
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
  if (key === null) return (state) => definition.read(state)[0]?.value.text ?? ''
  const wanted = key.toLowerCase()
  const named = (variable: Variable): boolean => variable.key?.toLowerCase() === wanted
  return (state) => definition.read(state).find(named)?.value.text ?? ''
}
