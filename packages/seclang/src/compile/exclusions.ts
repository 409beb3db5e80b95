/** Directives that change rules already read: SecRuleRemoveBy…, SecRuleUpdateTargetBy…, SecRuleUpdateActionById. */

import { isDeepStrictEqual } from 'node:util'
import {
  type Directive,
  type IdRange,
  type Position,
  SecLangError,
  type TargetNode,
  type Template,
} from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import { compileRegex } from '../rx/compile.ts'
import { RegexError } from '../rx/syntax.ts'
import type { Disruption, Item, LinkDefinition, RuleDefinition, Warn } from './definition.ts'
import {
  checkLinkActions,
  disruptionOf,
  effectsOf,
  lastAction,
  logsOf,
  severityOf,
  skipOf,
  statusOf,
  tagsOf,
  transformationsOf,
} from './rule-actions.ts'

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

/** Changes `items` in place; says in a warning where it names no rule, or no target that the rule has. `defaultOf`: what
 *  `block` means for a rule here. */
export function applyExclusion(
  directive: ExclusionDirective,
  items: Item[],
  defaultOf: (rule: RuleDefinition) => Disruption,
  warn: Warn,
): void {
  const chosen = chooser(directive)
  warnOfNoRule(directive, items, warn)
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index] as Item
    if (item.kind !== 'rule' || !chosen(item.rule)) continue
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
        items[index] = { kind: 'rule', rule: withActions(item.rule, directive, defaultOf, warn) }
        break
      default:
        directive satisfies never
    }
  }
}

/** Of several ids and ranges each must name one. */
function warnOfNoRule(directive: ExclusionDirective, items: readonly Item[], warn: Warn): void {
  const words: readonly (readonly [word: string, chosen: (rule: RuleDefinition) => boolean])[] =
    'ids' in directive
      ? directive.ids.map((range) => [textOf(range), ({ id }) => inRanges(id, [range])])
      : [['pattern' in directive ? directive.pattern : String(directive.id), chooser(directive)]]
  for (const [word, chosen] of words) {
    if (items.some((item) => item.kind === 'rule' && chosen(item.rule))) continue
    warn({ at: directive.at, word, reason: `${word} names no rule loaded before this line` })
  }
}

function textOf({ from, to }: IdRange): string {
  return from === to ? String(from) : `${from}-${to}`
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

/** Rules whose `msg`, its macros left out, the expression matches anywhere. */
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
    if (!hasTarget(link, target)) {
      warn({ at: target.at, word: target.name, reason: `rule ${rule.id} has no such target to exclude from` })
    }
  }
  if (link.operator === null) {
    warn({ at: update.at, word: String(rule.id), reason: `rule ${rule.id} is a SecAction here, which reads no target` })
    return rule
  }
  const kept = link.targets.filter((own) => !update.replaces.some((replaced) => sameTarget(own, replaced)))
  if (update.replaces.length > 0 && kept.length === link.targets.length) {
    warn({ at: update.at, word: String(rule.id), reason: `rule ${rule.id} has none of the targets to be replaced` })
    return rule
  }
  return { ...rule, links: rule.links.with(number, { ...link, targets: [...kept, ...update.targets] }) }
}

/** Does the link read what `target` exempts? */
export function hasTarget(link: LinkDefinition | undefined, { name, selector }: TargetNode): boolean {
  return (
    link?.targets.some(
      (own) =>
        own.kind !== 'exclude' &&
        own.name === name &&
        (own.selector?.kind !== 'key' ||
          selector?.kind !== 'key' ||
          own.selector.key.toLowerCase() === selector.key.toLowerCase()),
    ) === true
  )
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

/** Adds what a rule may have many of (`t`, `tag`, `setvar`, `ctl` …), replaces what it has one of; id and phase cannot change.
 *  Both as ModSecurity 2 and 3 do. */
function withActions(
  rule: RuleDefinition,
  { at, link: number, actions }: ActionUpdate,
  defaultOf: (rule: RuleDefinition) => Disruption,
  warn: Warn,
): RuleDefinition {
  const link = linkOf(rule, number, at)
  for (const { at, name } of actions) {
    if (name === 'id' || name === 'phase' || name === 'chain') {
      throw new SecLangError(at, name, `SecRuleUpdateActionById cannot change "${name}"`)
    }
  }
  const has = (name: string): boolean => lastAction(actions, name) !== undefined
  const updated = {
    ...link,
    transformations: transformationsOf(link.transformations, actions),
    capture: link.capture || has('capture'),
    multiMatch: link.multiMatch || has('multimatch'),
    effects: [...link.effects, ...effectsOf(actions)],
  }
  const links = rule.links.with(number, updated)
  if (number !== 0) {
    checkLinkActions(actions, warn)
    return { ...rule, links }
  }
  const text = (name: string): Template | null => {
    const action = lastAction(actions, name)
    return action === undefined ? null : parseTemplate(action.argument ?? '')
  }
  const disruption = disruptionOf(actions)?.named
  return {
    ...rule,
    links,
    message: text('msg') ?? rule.message,
    data: text('logdata') ?? rule.data,
    severity: severityOf(actions) ?? rule.severity,
    status: statusOf(actions) ?? rule.status,
    log: logsOf(actions) ?? rule.log,
    disruption: disruption === 'block' ? defaultOf(rule) : (disruption ?? rule.disruption),
    tags: [...rule.tags, ...tagsOf(actions)],
    skip: skipOf(actions) ?? rule.skip,
    skipAfter: lastAction(actions, 'skipafter')?.argument ?? rule.skipAfter,
  }
}
