/** What rules look at while they run: TX variables, and what other rules matched. */

import type { Template } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import { capturesMax } from '../tx.ts'
import type { LinkDefinition, RuleDefinition } from './definition.ts'
import { assignmentsOf, beginningOf } from './fold-rule.ts'
import { type Knowledge, lookUp } from './knowledge.ts'
import { constantName } from './setvar.ts'

export interface Reads {
  readonly names: Set<string>
  /** Beginnings of names made at run time. */
  readonly prefixes: Set<string>
  /** Some rule reads TX whole, or by an expression. */
  everything: boolean
}

/** Adds what `rule` reads and writes, as far as its code will really look it up; `knowledge` is what it is compiled with. */
export function addReads(rule: RuleDefinition, knowledge: Knowledge, always: boolean, reads: Reads): void {
  const addTemplate = (template: Template): void => {
    for (const part of template) {
      if (typeof part === 'string' || part.collection !== 'tx') continue
      if (part.key === null) reads.everything = true
      else if (lookUp(knowledge, part.key.toLowerCase()) === null) reads.names.add(part.key.toLowerCase())
    }
  }
  for (const link of rule.links) {
    if (!always) {
      for (const { name, selector } of link.targets) {
        if (name !== 'TX') continue
        if (selector?.kind === 'key') reads.names.add(selector.key.toLowerCase())
        else reads.everything = true
      }
      if (link.operator !== null) addTemplate(parseTemplate(link.operator.argument))
    }
    for (const effect of link.effects) addTemplate(parseTemplate(effect.argument ?? ''))
  }
  if (rule.message !== null) addTemplate(rule.message)
  if (rule.data !== null) addTemplate(rule.data)
  if (rule.disruption.kind === 'redirect') addTemplate(rule.disruption.url)
  for (const assignment of rule.links.flatMap(assignmentsOf)) {
    const name = constantName(assignment, knowledge)
    if (name === null) reads.prefixes.add(beginningOf(assignment))
    else reads.names.add(name)
  }
  if (!rule.links.some(({ capture }) => capture)) return
  for (let group = 0; group < capturesMax; group++) reads.names.add(String(group))
}

/** Whether a rule sees what an earlier rule matched (MATCHED_VAR before anything of its own has). */
export function watchesMatches({ links, message, data, disruption }: RuleDefinition): boolean {
  const [head] = links
  if (head === undefined) return false
  const url = disruption.kind === 'redirect' ? disruption.url : null
  return head.operator === null
    ? links.some(readsMatches) || [message, data, url].some((template) => template !== null && namesMatches(template))
    : head.targets.some(({ name }) => name.startsWith('MATCHED_')) ||
        namesMatches(parseTemplate(head.operator.argument))
}

function readsMatches({ targets, operator, effects }: LinkDefinition): boolean {
  return (
    targets.some(({ name }) => name.startsWith('MATCHED_')) ||
    (operator !== null && namesMatches(parseTemplate(operator.argument))) ||
    effects.some(({ argument }) => namesMatches(parseTemplate(argument ?? '')))
  )
}

function namesMatches(template: Template): boolean {
  return template.some((part) => typeof part !== 'string' && part.collection.startsWith('matched_'))
}
