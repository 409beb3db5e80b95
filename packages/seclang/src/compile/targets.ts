/** Targets of a rule (`ARGS|!ARGS:token|&REQUEST_HEADERS:Host`) as code that reads their values. */

import { SecLangError, type Selector, type TargetNode } from '../parse/syntax.ts'
import { compileRegex } from '../rx/compile.ts'
import { RegexError } from '../rx/syntax.ts'
import type { Exclusion, State } from '../state.ts'
import { makeValue, type Variable } from '../value.ts'
import { findVariable, refusedVariables } from '../variables/index.ts'
import type { VariableDefinition } from '../variables/variable-definition.ts'
import type { CompileContext } from './context.ts'

export type ReadTargets = (state: State) => readonly Variable[]

const none: readonly Variable[] = []
const xmlPaths: readonly string[] = ['/*', '//@*']

/** The values of all targets, in order, without the excluded ones. */
export function compileTargets(targets: readonly TargetNode[], context: CompileContext): ReadTargets {
  const exclusions = targets.filter(({ kind }) => kind === 'exclude').map((target) => compileExclusion(target))
  const excluded: Exclusion | null =
    exclusions.length === 0 ? null : (variable) => exclusions.some((exclusion) => exclusion(variable))
  const includes = targets.filter(({ kind }) => kind !== 'exclude')
  const [first] = targets
  if (includes.length === 0 && first !== undefined) {
    throw new SecLangError(first.at, first.name, 'every target is an exclusion: name a variable that the rule reads')
  }
  const readers = includes.map((target) => compileTarget(target, excluded, context))
  const [only] = readers
  const read: ReadTargets =
    readers.length === 1 && only !== undefined ? only : (state) => readers.flatMap((reader) => reader(state))
  const steady = includes.every(({ name }) => findVariable(name)?.changes === 'exchange')
  if (!steady) return read
  return memoised(textOf(targets), read)
}

/** Rules with the same targets share one look-up in each phase. */
export function memoised(key: string, read: ReadTargets): ReadTargets {
  return (state) => {
    let variables = state.memo.get(key)
    if (variables === undefined) {
      variables = read(state)
      state.memo.set(key, variables)
    }
    return variables
  }
}

function textOf(targets: readonly TargetNode[]): string {
  return targets.map(({ kind, name, selector }) => `${kind} ${name} ${JSON.stringify(selector)}`).join('|')
}

/** Steady variables are read once a phase, so that what is remembered of their values is shared by all target sets. */
export function readVariable(definition: VariableDefinition): ReadTargets {
  return definition.changes === 'exchange' ? memoised(definition.name, definition.read) : definition.read
}

function compileTarget(target: TargetNode, excluded: Exclusion | null, context: CompileContext): ReadTargets {
  const definition = definitionOf(target)
  const read = readSelected(target, definition, context)
  const kept: ReadTargets = excluded === null ? read : (state) => read(state).filter((variable) => !excluded(variable))
  if (target.kind !== 'count') return kept
  const collection = `&${target.name}`
  const key = target.selector?.kind === 'key' ? target.selector.key : null
  return (state) => [{ collection, key, value: makeValue(String(kept(state).length)) }]
}

/** Throws for a name that is no variable, and for a selector that it cannot have. */
export function definitionOf({ at, name, selector }: TargetNode): VariableDefinition {
  const definition = findVariable(name)
  if (definition === undefined) {
    const why = Object.hasOwn(refusedVariables, name) ? `: ${refusedVariables[name]}` : '; see docs/seclang.md'
    throw new SecLangError(at, name, `unknown variable "${name}"${why}`)
  }
  if (selector !== null && definition.kind === 'scalar') {
    throw new SecLangError(at, name, `"${name}" has one value; remove what follows the colon`)
  }
  if (name === 'XML' && (selector?.kind !== 'xpath' || !xmlPaths.includes(selector.path))) {
    throw new SecLangError(
      at,
      name,
      `the supported XML paths are ${xmlPaths.map((path) => `XML:${path}`).join(' and ')}`,
    )
  }
  return definition
}

function readSelected(target: TargetNode, definition: VariableDefinition, context: CompileContext): ReadTargets {
  const { selector } = target
  const read = readVariable(definition)
  if (selector === null) return read
  if (selector.kind === 'key' && target.name === 'TX') {
    const name = selector.key.toLowerCase()
    const slot = context.slotOf(name)
    return (state) => {
      const value = state.tx.slots[slot]
      return value === undefined ? none : [{ collection: 'TX', key: name, value: makeValue(String(value)) }]
    }
  }
  const selected = compileSelector(selector, target)
  return (state) => read(state).filter(selected)
}

function compileExclusion(target: TargetNode): Exclusion {
  definitionOf(target)
  return exclusionOf(target)
}

/** Whether a variable is the one that `!NAME`, `!NAME:key` or `!NAME:/expression/` exempts. */
export function exclusionOf(target: TargetNode): Exclusion {
  const { name, selector } = target
  if (selector === null) return (variable) => variable.collection === name
  const selected = compileSelector(selector, target)
  return (variable) => variable.collection === name && selected(variable)
}

/** Keys are compared without regard to ASCII case, in every collection (ModSecurity 3). */
function compileSelector(selector: Selector, { at }: TargetNode): (variable: Variable) => boolean {
  switch (selector.kind) {
    case 'key': {
      const key = selector.key.toLowerCase()
      return (variable) => variable.key !== null && (variable.key === key || variable.key.toLowerCase() === key)
    }
    case 'xpath':
      return (variable) => variable.key === selector.path
    case 'pattern':
      try {
        const regex = compileRegex(selector.source, { dotAll: true, multiline: false, ignoreCase: true })
        return (variable) => variable.key !== null && regex.exec(variable.key, null)
      } catch (error) {
        if (error instanceof RegexError) throw new SecLangError(at, selector.source, error.message)
        throw error
      }
    default:
      return selector satisfies never
  }
}
