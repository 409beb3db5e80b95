/** Which TX variables rules touch while they run. */

import type { Template } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import type { RuleDefinition } from './definition.ts'
import { assignmentsOf, beginningOf } from './fold-rule.ts'
import { type Knowledge, lookUp } from './knowledge.ts'
import { constantText } from './template.ts'

export interface Reads {
  readonly names: Set<string>
  /** Beginnings of names made at run time. */
  readonly prefixes: Set<string>
  /** Some rule reads TX whole, or by an expression. */
  everything: boolean
}

/** Adds what `rule` reads and writes, as far as its code will really look it up. */
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
  for (const assignment of assignmentsOf(rule)) {
    const name = constantText(assignment.name, knowledge)
    if (name === null) reads.prefixes.add(beginningOf(assignment))
    else reads.names.add(name)
  }
}
