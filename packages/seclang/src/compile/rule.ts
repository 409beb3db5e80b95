/** One rule as code. */

import { matchTextCharactersMax } from '../bounds.ts'
import type { Template } from '../parse/syntax.ts'
import type { CompiledDisruption, CompiledRule, Link, LinkCondition } from '../rule-set.ts'
import { severities } from '../severity.ts'
import { type Chain, chainOf } from '../transformations/chain.ts'
import { checkCondition, compileCondition } from './condition.ts'
import { type CompileContext, contextOf } from './context.ts'
import type { Disruption, LinkDefinition, RuleDefinition } from './definition.ts'
import { compileEffect } from './effects.ts'
import type { KeptRule } from './fold.ts'
import { type Knowledge, nothingKnown } from './knowledge.ts'
import { compileTargets } from './targets.ts'
import { compileTemplate, type Expand } from './template.ts'

/** `jump`: the index that the rule's target has among the kept rules of its phase; -1 for none. */
export function compileRule(kept: KeptRule, jump: number, shared: CompileContext): CompiledRule {
  const { rule, knowledge, number } = kept
  const context = contextOf(rule, rule.at, shared)
  const text = (template: Template | null): Expand =>
    compileTemplate(template ?? [], knowledge, context, matchTextCharactersMax)
  return {
    number,
    id: rule.id,
    links: rule.links.map((link) => compileLink(link, kept.always, knowledge, contextOf(rule, link.at, shared))),
    disruption: compileDisruption(rule.disruption, knowledge, context),
    status: rule.disruption.kind === 'redirect' ? redirectStatus(rule.status) : rule.status,
    log: rule.log,
    message: text(rule.message),
    data: text(rule.data),
    severity: rule.severity,
    severityNumber: rule.severity === null ? -1 : severities.indexOf(rule.severity),
    tags: rule.tags,
    jump,
  }
}

/** Throws for what `compileRule` would refuse, whatever the rest of the rule set is; makes nothing. */
export function checkRule(rule: RuleDefinition, shared: CompileContext): void {
  const context = { ...shared, warn: () => {}, slotOf: () => 0 }
  for (const link of rule.links) {
    if (link.operator !== null) {
      compileTargets(link.targets, context)
      checkCondition(link.operator, context)
    }
    for (const effect of link.effects) compileEffect(effect, nothingKnown, context)
  }
}

const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308]
const redirectStatusDefault = 302

/** RFC 9110 §15.4: a status of another kind would hide the Location (ModSecurity reference, "redirect"). */
function redirectStatus(status: number): number {
  return redirectStatuses.includes(status) ? status : redirectStatusDefault
}

function compileDisruption(disruption: Disruption, knowledge: Knowledge, context: CompileContext): CompiledDisruption {
  if (disruption.kind !== 'redirect') return disruption
  return { kind: 'redirect', url: compileTemplate(disruption.url, knowledge, context, matchTextCharactersMax) }
}

function compileLink(link: LinkDefinition, always: boolean, knowledge: Knowledge, context: CompileContext): Link {
  const effects = link.effects.map((effect) => compileEffect(effect, knowledge, context))
  const condition = always || link.operator === null ? null : compileLinkCondition(link, knowledge, context)
  return { condition, effects }
}

function compileLinkCondition(link: LinkDefinition, knowledge: Knowledge, context: CompileContext): LinkCondition {
  const operator = link.operator as NonNullable<LinkDefinition['operator']>
  const { test, literals } = compileCondition(operator, knowledge, context)
  return {
    read: compileTargets(link.targets, context),
    chain: chainOf(link.transformations),
    steps: link.multiMatch ? beginnings(link) : null,
    test,
    negated: operator.negated,
    // What a negated operator found is what did not match.
    capture: link.capture && !operator.negated,
    filter: operator.negated ? -1 : (context.prefilter?.add(literals) ?? -1),
  }
}

function beginnings({ transformations }: LinkDefinition): readonly (Chain | null)[] {
  return [null, ...transformations.map((_, index) => chainOf(transformations.slice(0, index + 1)))]
}
