/** From directives to rules: defaults applied, chains joined, exclusions carried out, in file order. */

import { chainLinksMax, rulesMax } from '../bounds.ts'
import { type ActionNode, type Directive, type Position, SecLangError } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import type { Phase } from '../state.ts'
import type { Disruption, Item, LinkDefinition, RuleDefinition, Warn } from './definition.ts'
import { applyExclusion, isExclusion } from './exclusions.ts'
import {
  checkActions,
  disruptionOf,
  hasAction,
  lastAction,
  numberOf,
  phaseOf,
  severityOf,
  transformationsOf,
} from './rule-actions.ts'

export interface Setting {
  readonly at: Position
  readonly name: string
  readonly argument: string
}

export interface Assembled {
  readonly items: readonly Item[]
  readonly settings: readonly Setting[]
}

/** ModSecurity's own default where a file has no `SecDefaultAction`. */
const noDefaults: readonly ActionNode[] = []
const statusDefault = 403
const statusMin = 100
const statusMax = 599

type RuleDirective = Extract<Directive, { kind: 'rule' | 'action' }>

export function assemble(directives: readonly Directive[], warn: Warn): Assembled {
  const items: Item[] = []
  const settings: Setting[] = []
  const defaults = new Map<Phase, readonly ActionNode[]>()
  const ids = new Map<number, Position>()
  const warned = new Set<string>()
  const warnOnce: Warn = (warning) => {
    if (!warned.has(warning.word)) warn(warning)
    warned.add(warning.word)
  }
  let chain: RuleDirective[] = []

  for (const directive of directives) {
    if (directive.kind === 'rule' || directive.kind === 'action') {
      checkActions(directive.actions, warnOnce)
      chain.push(directive)
      if (chain.length > chainLinksMax)
        throw new SecLangError(directive.at, 'chain', `a chain has at most ${chainLinksMax} links`)
      if (hasAction(directive.actions, 'chain')) continue
      const rule = defineRule(chain, defaults)
      const first = ids.get(rule.id)
      if (first !== undefined) {
        throw new SecLangError(rule.at, String(rule.id), `rule id ${rule.id} is taken by ${first.file}:${first.line}`)
      }
      ids.set(rule.id, rule.at)
      items.push({ kind: 'rule', rule })
      if (items.length > rulesMax)
        throw new SecLangError(rule.at, String(rule.id), `a rule set has at most ${rulesMax} rules`)
      chain = []
      continue
    }
    const open = chain[0]
    if (open !== undefined)
      throw new SecLangError(
        open.at,
        'chain',
        'the chain ends here without a last SecRule; remove "chain" or add the rule',
      )
    if (directive.kind === 'marker') items.push({ kind: 'marker', label: directive.label })
    else if (directive.kind === 'setting') settings.push(directive)
    else if (directive.kind === 'defaultAction') {
      checkActions(directive.actions, warnOnce)
      setDefault(defaults, directive.at, directive.actions)
    } else if (isExclusion(directive)) applyExclusion(directive, items, warn)
  }
  const open = chain[0]
  if (open !== undefined)
    throw new SecLangError(
      open.at,
      'chain',
      'the chain ends here without a last SecRule; remove "chain" or add the rule',
    )
  return { items, settings }
}

function setDefault(defaults: Map<Phase, readonly ActionNode[]>, at: Position, actions: readonly ActionNode[]): void {
  const forbidden = actions.find(({ name }) =>
    ['id', 'chain', 'skip', 'skipafter', 'msg', 'setvar', 'ctl'].includes(name),
  )
  if (forbidden !== undefined) {
    throw new SecLangError(forbidden.at, forbidden.name, `SecDefaultAction cannot hold "${forbidden.name}"`)
  }
  const disruption = disruptionOf(actions)
  if (disruption === null || disruption.named === 'block') {
    throw new SecLangError(at, 'SecDefaultAction', 'SecDefaultAction needs one of pass, deny, drop, allow, redirect')
  }
  defaults.set(phaseOf(actions, 2), actions)
}

function defineRule(
  chain: readonly RuleDirective[],
  defaults: ReadonlyMap<Phase, readonly ActionNode[]>,
): RuleDefinition {
  const head = chain[0] as RuleDirective
  const { actions } = head
  const id = lastAction(actions, 'id')
  if (id === undefined) throw new SecLangError(head.at, 'id', 'the rule has no id; add id:N, a number of its own')
  const phase = phaseOf(actions, 2)
  const inherited = defaults.get(phase) ?? noDefaults
  const both = [...inherited, ...actions]
  const message = lastAction(actions, 'msg')
  const data = lastAction(actions, 'logdata')
  const skip = lastAction(chainActions(chain), 'skip')
  const status = lastAction(both, 'status')
  return {
    at: head.at,
    id: numberOf(id, 1, Number.MAX_SAFE_INTEGER),
    phase,
    links: chain.map((directive) => defineLink(directive, inherited)),
    disruption: disruptionFor(actions, inherited),
    status: status === undefined ? statusDefault : numberOf(status, statusMin, statusMax),
    log: (both.findLast(({ name }) => name === 'log' || name === 'nolog')?.name ?? 'log') === 'log',
    message: message === undefined ? null : parseTemplate(message.argument as string),
    data: data === undefined ? null : parseTemplate(data.argument as string),
    severity: severityOf(actions),
    tags: actions.filter(({ name }) => name === 'tag').map(({ argument }) => argument as string),
    skip: skip === undefined ? 0 : numberOf(skip, 1, rulesMax),
    skipAfter: lastAction(chainActions(chain), 'skipafter')?.argument ?? null,
  }
}

/** Flow actions may stand at the head or at the last link; they act once the whole chain has matched. */
function chainActions(chain: readonly RuleDirective[]): readonly ActionNode[] {
  return chain.flatMap(({ actions }) => actions)
}

/** `block`, and no disruptive action at all, mean the default's for the phase; without a default, `pass`. */
function disruptionFor(actions: readonly ActionNode[], inherited: readonly ActionNode[]): Disruption {
  const own = disruptionOf(actions)
  if (own !== null && own.named !== 'block') return own.named
  const fallback = disruptionOf(inherited)
  if (fallback !== null && fallback.named !== 'block') return fallback.named
  return own?.named === 'block' ? { kind: 'deny' } : { kind: 'pass' }
}

function defineLink(directive: RuleDirective, inherited: readonly ActionNode[]): LinkDefinition {
  const { actions } = directive
  const isRule = directive.kind === 'rule'
  return {
    at: directive.at,
    operator: isRule ? directive.operator : null,
    targets: isRule ? directive.targets : [],
    transformations: transformationsOf(inherited, actions),
    capture: hasAction(actions, 'capture'),
    multiMatch: hasAction(actions, 'multimatch'),
    effects: actions.filter(({ name }) => effectNames.includes(name)),
  }
}

const effectNames: readonly string[] = ['setvar', 'expirevar', 'initcol', 'ctl', 'setuid', 'setsid', 'setrsc']
