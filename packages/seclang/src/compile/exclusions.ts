/** Directives that change rules already read: SecRuleRemoveBy…, SecRuleUpdateTargetBy…, SecRuleUpdateActionById. */

import { isDeepStrictEqual } from 'node:util'
import { type Directive, type IdRange, type Position, SecLangError, type TargetNode } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import { compileRegex } from '../rx/compile.ts'
import { RegexError } from '../rx/syntax.ts'
import type { Item, LinkDefinition, RuleDefinition, Warn } from './definition.ts'
import { disruptionOf, lastAction, numberOf, severityOf, transformationsOf } from './rule-actions.ts'

type ExclusionDirective = Extract<
  Directive,
  {
    kind:
      | 'removeById'
      | 'removeByTag'
      | 'removeByMsg'
      | 'updateTargetById'
      | 'updateTargetByTag'
      | 'updateTargetByMsg'
      | 'updateActionById'
  }
>

export function isExclusion(directive: Directive): directive is ExclusionDirective {
  return directive.kind.startsWith('remove') || directive.kind.startsWith('update')
}

/** Changes `items` in place; says in a warning where it names no rule, or no target that the rule has. */
export function applyExclusion(directive: ExclusionDirective, items: Item[], warn: Warn): void {
  const chosen = chooser(directive)
  let found = 0
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index] as Item
    if (item.kind !== 'rule' || !chosen(item.rule)) continue
    found++
    switch (directive.kind) {
      case 'removeById':
      case 'removeByTag':
      case 'removeByMsg':
        items.splice(index, 1)
        break
      case 'updateTargetById':
      case 'updateTargetByTag':
      case 'updateTargetByMsg':
        items[index] = { kind: 'rule', rule: withTargets(item.rule, directive, warn) }
        break
      case 'updateActionById':
        items[index] = { kind: 'rule', rule: withActions(item.rule, directive) }
        break
      default:
        directive satisfies never
    }
  }
  if (found === 0) {
    warn({
      at: directive.at,
      word: wordOf(directive),
      reason: `${wordOf(directive)} names no rule loaded before this line`,
    })
  }
}

function wordOf(directive: ExclusionDirective): string {
  if ('pattern' in directive) return directive.pattern
  if ('id' in directive) return String(directive.id)
  return directive.ids.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(' ')
}

function chooser(directive: ExclusionDirective): (rule: RuleDefinition) => boolean {
  if ('ids' in directive) return (rule) => inRanges(rule.id, directive.ids)
  if ('id' in directive) return (rule) => rule.id === directive.id
  return directive.kind.endsWith('Tag')
    ? tagged(directive.at, directive.pattern)
    : saying(directive.at, directive.pattern)
}

export function inRanges(id: number, ranges: readonly IdRange[]): boolean {
  return ranges.some(({ from, to }) => id >= from && id <= to)
}

/** Rules with a tag that the expression matches anywhere (ModSecurity reference, SecRuleRemoveByTag). */
export function tagged(at: Position, pattern: string): (rule: RuleDefinition) => boolean {
  const matches = expression(at, pattern)
  return (rule) => rule.tags.some(matches)
}

/** Rules whose `msg`, macros unexpanded, the expression matches anywhere. */
export function saying(at: Position, pattern: string): (rule: RuleDefinition) => boolean {
  const matches = expression(at, pattern)
  return (rule) =>
    rule.message !== null && matches(rule.message.map((part) => (typeof part === 'string' ? part : '')).join(''))
}

function expression(at: Position, pattern: string): (text: string) => boolean {
  try {
    const regex = compileRegex(pattern, { dotAll: true, multiline: false, ignoreCase: false })
    return (text) => regex.exec(text, null)
  } catch (error) {
    if (error instanceof RegexError) throw new SecLangError(at, pattern, error.message)
    throw error
  }
}

type TargetUpdate = Extract<ExclusionDirective, { targets: readonly TargetNode[] }>

/** Adds targets to a link, exclusions included, or puts them in the place of others. */
function withTargets(rule: RuleDefinition, update: TargetUpdate, warn: Warn): RuleDefinition {
  const number = 'link' in update ? update.link : 0
  const link = linkOf(rule, number, update.at)
  for (const target of update.targets) {
    if (target.kind !== 'exclude') continue
    if (!link.targets.some((own) => own.kind === 'include' && own.name === target.name)) {
      warn({ at: update.at, word: target.name, reason: `rule ${rule.id} has no target ${target.name} to exclude from` })
    }
  }
  const kept = link.targets.filter((own) => !update.replaces.some((replaced) => sameTarget(own, replaced)))
  if (update.replaces.length > 0 && kept.length === link.targets.length) {
    warn({ at: update.at, word: String(rule.id), reason: `rule ${rule.id} has none of the targets to be replaced` })
    return rule
  }
  return { ...rule, links: rule.links.with(number, { ...link, targets: [...kept, ...update.targets] }) }
}

function linkOf(rule: RuleDefinition, number: number, at: Position): LinkDefinition {
  const link = rule.links[number]
  if (link === undefined) {
    throw new SecLangError(at, String(number), `rule ${rule.id} has ${rule.links.length} links, counted from 0`)
  }
  return link
}

function sameTarget(one: TargetNode, other: TargetNode): boolean {
  return one.kind === other.kind && one.name === other.name && isDeepStrictEqual(one.selector, other.selector)
}

type ActionUpdate = Extract<Directive, { kind: 'updateActionById' }>

/** Replaces what the new list names, keeps the rest; id and phase cannot change. */
function withActions(rule: RuleDefinition, { at, link: number, actions }: ActionUpdate): RuleDefinition {
  const link = linkOf(rule, number, at)
  for (const { at, name } of actions) {
    if (name === 'id' || name === 'phase' || name === 'chain') {
      throw new SecLangError(at, name, `SecRuleUpdateActionById cannot change "${name}"`)
    }
  }
  const names = new Set(actions.map(({ name }) => name))
  const effects = actions.filter(({ name }) => ['setvar', 'expirevar', 'initcol', 'ctl'].includes(name))
  const updated = {
    ...link,
    transformations: names.has('t') ? transformationsOf([], actions) : link.transformations,
    capture: link.capture || names.has('capture'),
    multiMatch: link.multiMatch || names.has('multimatch'),
    effects: [...link.effects, ...effects],
  }
  const links = rule.links.with(number, updated)
  if (number !== 0) return { ...rule, links }
  const text = (name: string): ReturnType<typeof parseTemplate> | null => {
    const action = lastAction(actions, name)
    return action === undefined ? null : parseTemplate(action.argument ?? '')
  }
  const status = lastAction(actions, 'status')
  const disruption = disruptionOf(actions)
  const tags = actions.filter(({ name }) => name === 'tag').map(({ argument }) => argument as string)
  return {
    ...rule,
    links,
    message: text('msg') ?? rule.message,
    data: text('logdata') ?? rule.data,
    severity: severityOf(actions) ?? rule.severity,
    status: status === undefined ? rule.status : numberOf(status, 100, 599),
    log: names.has('nolog') ? false : names.has('log') ? true : rule.log,
    disruption: disruption === null || disruption.named === 'block' ? rule.disruption : disruption.named,
    tags: [...rule.tags, ...tags],
    skipAfter: lastAction(actions, 'skipafter')?.argument ?? rule.skipAfter,
  }
}
