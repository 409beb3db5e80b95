/** What is known of one rule before any request: its outcome, and what it leaves in TX. */

import { OperatorError } from '../operators/operator.ts'
import { parseTemplate } from '../parse/template.ts'
import type { TxValue } from '../tx.ts'
import { operatorOf } from './condition.ts'
import type { CompileContext } from './context.ts'
import type { LinkDefinition, RuleDefinition } from './definition.ts'
import { forget, forgetPrefix, type Knowledge, learn, lookUp } from './knowledge.ts'
import { type Assignment, constantName, constantResult, parseAssignment } from './setvar.ts'
import { constantText } from './template.ts'

export type Outcome = 'never' | 'always' | 'depends'

/** `always` only where running it without looking at its targets is the same: one match, nothing logged, nothing captured. */
export function outcomeOf(rule: RuleDefinition, knowledge: Knowledge, context: CompileContext): Outcome {
  const [head] = rule.links
  if (head === undefined) return 'depends'
  const matches = head.operator === null ? 1 : matchCount(head, knowledge, context)
  if (matches === 0) return 'never'
  const silent = !rule.log && rule.severity === null && rule.disruption.kind === 'pass'
  const plain = rule.links.length === 1 && silent && !head.capture && !context.watchesMatches
  return matches === 1 && plain && !head.effects.some(({ argument }) => /%\{matched/i.test(argument ?? ''))
    ? 'always'
    : 'depends'
}

/** How many values match, where each target is a TX variable whose value is known; else null. */
function matchCount(link: LinkDefinition, knowledge: Knowledge, context: CompileContext): number | null {
  const { operator: node } = link
  if (node === null || link.multiMatch) return null
  const argument = constantText(parseTemplate(node.argument), knowledge)
  // @geoLookup leaves its findings behind; every other operator is a function of its value.
  if (argument === null || node.name.toLowerCase() === 'geolookup') return null
  const values: string[] = []
  for (const { kind, name, selector } of link.targets) {
    if (name !== 'TX' || kind === 'exclude' || selector?.kind !== 'key') return null
    const known = lookUp(knowledge, selector.key.toLowerCase())
    if (known === null) return null
    if (kind === 'count') values.push(known.value === undefined ? '0' : '1')
    else if (known.value !== undefined) values.push(String(known.value))
  }
  try {
    const test = operatorOf(node).compile(argument, {
      ...context.operatorContextAt(node.at),
      warn: () => {},
    })
    const finished = values.map((value) => link.transformations.reduce((text, { apply }) => apply(text), value))
    return finished.filter((value) => test(value, null) !== node.negated).length
  } catch (error) {
    // The rule's own compilation reports it, with its place.
    if (error instanceof OperatorError) return null
    throw error
  }
}

/** TX after a rule, by how far it matched. */
export interface Aftermath {
  readonly whole: Knowledge
  /** Of a chain: its first link matched and no more, its first two, … */
  readonly partly: readonly Knowledge[]
}

/** `always`: the rule runs once, whatever its targets hold. */
export function aftermathOf(rule: RuleDefinition, knowledge: Knowledge, always: boolean): Aftermath {
  const steps: Knowledge[] = []
  let after = knowledge
  for (const link of rule.links) {
    after = afterLink(link, after, always || link.operator === null)
    steps.push(after)
  }
  return { whole: after, partly: steps.slice(0, -1) }
}

/** A link with an operator has its effects once for each value that matches: they then meet what they wrote themselves, so
 *  that only what does not depend on it is known. */
function afterLink(link: LinkDefinition, knowledge: Knowledge, once: boolean): Knowledge {
  const own = assignmentsOf(link)
  const before = once ? null : forgetAll(own, knowledge)
  let after = knowledge
  for (const assignment of own) {
    const known = before ?? after
    const name = constantName(assignment, known)
    if (name === null) {
      after = forgetPrefix(after, beginningOf(assignment))
      continue
    }
    const result = constantResult(assignment, name, known)
    after = result === null ? forget(after, name) : learn(after, name, result.value)
  }
  return after
}

/** What is known while the rule itself runs: nothing of the names that it writes. */
export function forgetWritten(rule: RuleDefinition, knowledge: Knowledge): Knowledge {
  return forgetAll(rule.links.flatMap(assignmentsOf), knowledge)
}

function forgetAll(assignments: readonly Assignment[], knowledge: Knowledge): Knowledge {
  let after = knowledge
  for (const assignment of assignments) {
    const name = constantName(assignment, after)
    after = name === null ? forgetPrefix(after, beginningOf(assignment)) : forget(after, name)
  }
  return after
}

/** What a rule that always matches sets, if that is all it does and known in full; else null. */
export function certainResult(rule: RuleDefinition, knowledge: Knowledge): Map<string, TxValue> | null {
  const result = new Map<string, TxValue>()
  let after = knowledge
  const effects = rule.links.flatMap((link) => link.effects)
  const assignments = rule.links.flatMap(assignmentsOf)
  if (assignments.length !== effects.length) return null
  for (const assignment of assignments) {
    const name = constantName(assignment, after)
    if (name === null) return null
    const known = constantResult(assignment, name, after)
    if (known === null) return null
    after = learn(after, name, known.value)
    result.set(name, known.value)
  }
  return result
}

/** The assignments of a link to TX. */
export function assignmentsOf(link: LinkDefinition): readonly Assignment[] {
  return link.effects
    .filter(({ name }) => name === 'setvar')
    .map(parseAssignment)
    .filter(({ collection }) => collection === 'tx')
}

/** The part of a name that is spelt out before its first macro. */
export function beginningOf({ name }: Assignment): string {
  const [first] = name
  return typeof first === 'string' ? first : ''
}
