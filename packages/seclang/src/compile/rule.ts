/** One rule as code. */

import type { CompiledDisruption, CompiledRule, Link, LinkCondition } from '../rule-set.ts'
import { type Chain, chainOf } from '../transformations/chain.ts'
import { compileCondition } from './condition.ts'
import type { CompileContext } from './context.ts'
import { type Disruption, type LinkDefinition, severities } from './definition.ts'
import { compileEffect } from './effects.ts'
import type { KeptRule } from './fold.ts'
import type { Knowledge } from './knowledge.ts'
import { compileTargets } from './targets.ts'
import { compileTemplate } from './template.ts'

/** `jump`: the index that the rule's target has among the kept rules of its phase; -1 for none. */
export function compileRule(kept: KeptRule, jump: number, context: CompileContext): CompiledRule {
  const { rule, knowledge, number } = kept
  return {
    number,
    id: rule.id,
    links: rule.links.map((link) => compileLink(link, kept.always, knowledge, context)),
    disruption: compileDisruption(rule.disruption, knowledge, context),
    status: rule.status,
    log: rule.log,
    message: compileTemplate(rule.message ?? [], knowledge, context),
    data: compileTemplate(rule.data ?? [], knowledge, context),
    severity: rule.severity,
    severityNumber: rule.severity === null ? -1 : severities.indexOf(rule.severity),
    tags: rule.tags,
    jump,
  }
}

function compileDisruption(disruption: Disruption, knowledge: Knowledge, context: CompileContext): CompiledDisruption {
  if (disruption.kind !== 'redirect') return disruption
  return { kind: 'redirect', url: compileTemplate(disruption.url, knowledge, context) }
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
