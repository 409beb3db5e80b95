/** From the list of actions of one rule to what each means: checked against the table, defaults applied. */

import { rulesMax } from '../bounds.ts'
import { type ActionNode, type Position, SecLangError } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import { type Severity, severities } from '../severity.ts'
import type { Phase } from '../state.ts'
import { findTransformation } from '../transformations/index.ts'
import type { Transformation } from '../transformations/transformation.ts'
import { actionTable, refusedActions } from './actions.ts'
import type { Disruption, Warn } from './definition.ts'

/** Checks names and arguments; each accepted action that means nothing here is warned about once a compilation. */
export function checkActions(actions: readonly ActionNode[], warnOnce: Warn): void {
  for (const action of actions) {
    const refused = Object.hasOwn(refusedActions, action.name) ? refusedActions[action.name] : undefined
    if (refused !== undefined) throw new SecLangError(action.at, action.name, `action "${action.name}": ${refused}`)
    const row = actionTable.get(action.name)
    if (row === undefined) {
      throw new SecLangError(action.at, action.name, `unknown action "${action.name}"; see docs/seclang.md`)
    }
    if (row.argument === 'required' && (action.argument === null || action.argument === '')) {
      throw new SecLangError(action.at, action.name, `action "${action.name}" needs an argument: ${action.name}:…`)
    }
    if (row.argument === 'none' && action.argument !== null) {
      throw new SecLangError(action.at, action.name, `action "${action.name}" takes no argument`)
    }
    if (row.why !== undefined) {
      warnOnce({ at: action.at, word: action.name, reason: `"${action.name}" has no effect: ${row.why}` })
    }
  }
}

/** Of a chain, and of the rule itself, only the first link speaks. What a later one says in vain is an error where the rule
 *  would then do something else, and a warning where it would only be called something else. */
export function checkLinkActions(actions: readonly ActionNode[], warn: Warn): void {
  for (const { at, name } of actions) {
    const group = actionTable.get(name)?.group
    if (group === 'disruptive' || name === 'id' || name === 'phase') {
      throw new SecLangError(at, name, `"${name}" belongs to the first rule of the chain: move it there`)
    }
    if (group === 'metadata') {
      warn({ at, word: name, reason: `"${name}" has no effect here: it belongs to the first rule of the chain` })
    }
  }
}

/** The last of that name, as ModSecurity has it where a rule says a thing twice. */
export function lastAction(actions: readonly ActionNode[], name: string): ActionNode | undefined {
  return actions.findLast((action) => action.name === name)
}

export function hasAction(actions: readonly ActionNode[], name: string): boolean {
  return lastAction(actions, name) !== undefined
}

const phaseNames: Readonly<Record<string, Phase>> = {
  '1': 1,
  '2': 2,
  '3': 3,
  '4': 4,
  '5': 5,
  request: 2,
  response: 4,
  logging: 5,
}

export function phaseOf(actions: readonly ActionNode[], otherwise: Phase): Phase {
  const action = lastAction(actions, 'phase')
  if (action === undefined) return otherwise
  const name = (action.argument as string).toLowerCase()
  const phase = Object.hasOwn(phaseNames, name) ? phaseNames[name] : undefined
  if (phase === undefined) {
    throw new SecLangError(
      action.at,
      name,
      `phase "${name}" does not exist; write 1 to 5, request, response or logging`,
    )
  }
  return phase
}

/** A whole number from `from` to `to`. */
export function numberOf(action: ActionNode, from: number, to: number): number {
  const text = action.argument as string
  const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(number >= from && number <= to)) {
    throw new SecLangError(action.at, text, `${action.name} "${text}" is not a whole number from ${from} to ${to}`)
  }
  return number
}

export function severityOf(actions: readonly ActionNode[]): Severity | null {
  const action = lastAction(actions, 'severity')
  if (action === undefined) return null
  const name = (action.argument as string).toLowerCase()
  const severity = severities.find((known, number) => known === name || String(number) === name)
  if (severity === undefined) {
    throw new SecLangError(action.at, name, `severity "${name}" does not exist; write one of ${severities.join(', ')}`)
  }
  return severity
}

/** `t:none` forgets what came before it, that of `before` included. */
export function transformationsOf(
  before: readonly Transformation[],
  actions: readonly ActionNode[],
): readonly Transformation[] {
  const transformations = [...before]
  for (const action of actions) {
    if (action.name !== 't') continue
    const name = action.argument as string
    if (name.toLowerCase() === 'none') {
      transformations.length = 0
      continue
    }
    const transformation = findTransformation(name)
    if (transformation === undefined) {
      throw new SecLangError(action.at, name, `unknown transformation "${name}"; see docs/seclang.md`)
    }
    transformations.push(transformation)
  }
  return transformations
}

const statusMin = 100
const statusMax = 599

export function statusOf(actions: readonly ActionNode[]): number | null {
  const action = lastAction(actions, 'status')
  return action === undefined ? null : numberOf(action, statusMin, statusMax)
}

/** `log` or `nolog`, whichever comes last; null without either. */
export function logsOf(actions: readonly ActionNode[]): boolean | null {
  const action = actions.findLast(({ name }) => name === 'log' || name === 'nolog')
  return action === undefined ? null : action.name === 'log'
}

export function tagsOf(actions: readonly ActionNode[]): readonly string[] {
  return actions.filter(({ name }) => name === 'tag').map(({ argument }) => argument as string)
}

export function skipOf(actions: readonly ActionNode[]): number | null {
  const action = lastAction(actions, 'skip')
  return action === undefined ? null : numberOf(action, 1, rulesMax)
}

/** What changes a transaction, in order. */
export function effectsOf(actions: readonly ActionNode[]): readonly ActionNode[] {
  return actions.filter(({ name }) => actionTable.get(name)?.group === 'effect')
}

const allowScopes = { '': 'all', phase: 'phase', request: 'request' } as const

/** The disruptive action that a list names, `block` left to the caller: it means the default's. */
export function disruptionOf(actions: readonly ActionNode[]): { named: Disruption | 'block'; at: Position } | null {
  const action = actions.findLast(({ name }) => actionTable.get(name)?.group === 'disruptive')
  if (action === undefined) return null
  const { at } = action
  const argument = action.argument ?? ''
  switch (action.name) {
    case 'block':
      return { named: 'block', at }
    case 'redirect':
      return { named: { kind: 'redirect', url: parseTemplate(argument) }, at }
    case 'allow': {
      if (argument !== '' && argument !== 'phase' && argument !== 'request') {
        throw new SecLangError(
          at,
          argument,
          `allow:${argument} does not exist; write allow, allow:phase or allow:request`,
        )
      }
      return { named: { kind: 'allow', scope: allowScopes[argument] }, at }
    }
    default:
      return { named: { kind: action.name as 'pass' | 'deny' | 'drop' }, at }
  }
}
