/** From directives to rules: defaults applied, chains joined, exclusions carried out, in file order. */

import { chainLinksMax, rulesMax } from '../bounds.ts'
import { engineSettingsFile } from '../engine-settings.ts'
import { type ActionNode, type Directive, type Position, SecLangError } from '../parse/syntax.ts'
import { parseTemplate } from '../parse/template.ts'
import type { Phase } from '../state.ts'
import { actionTable } from './actions.ts'
import type { Disruption, Item, LinkDefinition, RuleDefinition, Warn } from './definition.ts'
import { applyExclusion, isExclusion } from './exclusions.ts'
import {
  checkActions,
  checkLinkActions,
  disruptionOf,
  effectsOf,
  hasAction,
  lastAction,
  logsOf,
  numberOf,
  phaseOf,
  severityOf,
  skipOf,
  statusOf,
  tagsOf,
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

type RuleDirective = Extract<Directive, { kind: 'rule' | 'action' }>
type ActionList = readonly ActionNode[]

/** ModSecurity's own default where a file has no `SecDefaultAction`. */
const noDefaults: ActionList = []
const phaseDefault = 2
const statusDefault = 403

export function assemble(directives: readonly Directive[], warn: Warn): Assembled {
  const items: Item[] = []
  const settings: Setting[] = []
  const defaults = new Map<Phase, ActionList>()
  const warnOnce = onceForEachWord(warn)
  const add = adder(items, warn)
  // The parser has seen to it that each chain has its last link.
  let chain: RuleDirective[] = []
  for (const directive of directives) {
    if (directive.kind === 'rule' || directive.kind === 'action') {
      checkActions(directive.actions, warnOnce)
      if (chain.length > 0) checkLinkActions(directive.actions, warn)
      chain.push(directive)
      if (chain.length > chainLinksMax)
        throw new SecLangError(directive.at, 'chain', `a chain has at most ${chainLinksMax} links`)
      if (hasAction(directive.actions, 'chain')) continue
      add(defineRule(chain, defaults, warn))
      chain = []
      continue
    }
    if (directive.kind === 'marker') items.push({ kind: 'marker', label: directive.label })
    else if (directive.kind === 'setting') settings.push(directive)
    else if (directive.kind === 'defaultAction') {
      checkActions(directive.actions, warnOnce)
      setDefault(defaults, directive.at, directive.actions)
    } else if (isExclusion(directive)) {
      if (directive.kind === 'updateActionById') checkActions(directive.actions, warnOnce)
      const defaultOf = (rule: RuleDefinition): Disruption => defaultFor(rule, defaults, warn)
      applyExclusion(directive, items, defaultOf, warn)
    }
  }
  return { items, settings }
}

function onceForEachWord(warn: Warn): Warn {
  const warned = new Set<string>()
  return (warning) => {
    if (!warned.has(warning.word)) warn(warning)
    warned.add(warning.word)
  }
}

/** Adds rules whose ids must differ. ModSecurity's recommended configuration has the engine's own rules under the same ids:
 *  whoever loads it means those. */
function adder(items: Item[], warn: Warn): (rule: RuleDefinition) => void {
  const ids = new Map<number, Position>()
  return (rule) => {
    const { at, id } = rule
    const first = ids.get(id)
    if (first?.file === engineSettingsFile && at.file !== engineSettingsFile) {
      warn({ at, word: String(id), reason: `rule ${id} is passed over: the engine has it already, and it always runs` })
      return
    }
    if (first !== undefined)
      throw new SecLangError(at, String(id), `rule id ${id} is taken by ${first.file}:${first.line}`)
    ids.set(id, at)
    items.push({ kind: 'rule', rule })
    if (items.length > rulesMax) throw new SecLangError(at, String(id), `a rule set has at most ${rulesMax} rules`)
  }
}

/** What a `SecDefaultAction` can hold; the rest belongs to one rule. */
const defaultNames: readonly string[] = ['phase', 'log', 'nolog', 'status', 't', 'tag']

function setDefault(defaults: Map<Phase, ActionList>, at: Position, actions: ActionList): void {
  const forbidden = actions.find(({ name }) => {
    const group = actionTable.get(name)?.group
    return !defaultNames.includes(name) && group !== 'disruptive' && group !== 'accepted'
  })
  if (forbidden !== undefined) {
    throw new SecLangError(forbidden.at, forbidden.name, `SecDefaultAction cannot hold "${forbidden.name}"`)
  }
  const disruption = disruptionOf(actions)
  if (disruption === null || disruption.named === 'block') {
    throw new SecLangError(at, 'SecDefaultAction', 'SecDefaultAction needs one of pass, deny, drop, allow, redirect')
  }
  // Faults are found here, whether or not a rule follows.
  transformationsOf([], actions)
  statusOf(actions)
  defaults.set(phaseOf(actions, phaseDefault), actions)
}

function defineRule(
  chain: readonly RuleDirective[],
  defaults: ReadonlyMap<Phase, ActionList>,
  warn: Warn,
): RuleDefinition {
  const head = chain[0] as RuleDirective
  const { at, actions } = head
  const idAction = lastAction(actions, 'id')
  if (idAction === undefined) throw new SecLangError(at, 'id', 'the rule has no id; add id:N, a number of its own')
  const id = numberOf(idAction, 1, Number.MAX_SAFE_INTEGER)
  const phase = phaseOf(actions, phaseDefault)
  const inherited = defaults.get(phase) ?? noDefaults
  const own = disruptionOf(actions)?.named
  const message = lastAction(actions, 'msg')
  const data = lastAction(actions, 'logdata')
  // Flow actions may stand at any link; they act once the whole chain has matched.
  const all = chain.flatMap((directive) => directive.actions)
  return {
    at,
    id,
    phase,
    links: chain.map((directive) => defineLink(directive, inherited)),
    disruption:
      own === 'block' ? defaultFor({ at, id, phase }, defaults, warn) : (own ?? namedIn(inherited) ?? { kind: 'pass' }),
    status: statusOf([...inherited, ...actions]) ?? statusDefault,
    log: logsOf([...inherited, ...actions]) ?? true,
    message: message === undefined ? null : parseTemplate(message.argument as string),
    data: data === undefined ? null : parseTemplate(data.argument as string),
    severity: severityOf(actions),
    tags: tagsOf([...inherited, ...actions]),
    skip: skipOf(all) ?? 0,
    skipAfter: lastAction(all, 'skipafter')?.argument ?? null,
  }
}

/** What `block` means. Without a `SecDefaultAction` ModSecurity's own default holds, which is `pass`: nobody means that. */
function defaultFor(
  { at, id, phase }: Pick<RuleDefinition, 'at' | 'id' | 'phase'>,
  defaults: ReadonlyMap<Phase, ActionList>,
  warn: Warn,
): Disruption {
  const named = namedIn(defaults.get(phase) ?? noDefaults)
  if (named !== null) return named
  const reason = `rule ${id} blocks, but no SecDefaultAction before it says how in phase ${phase}: it passes; write deny`
  warn({ at, word: 'block', reason })
  return { kind: 'pass' }
}

function namedIn(actions: ActionList): Disruption | null {
  const named = disruptionOf(actions)?.named
  return named === undefined || named === 'block' ? null : named
}

function defineLink(directive: RuleDirective, inherited: ActionList): LinkDefinition {
  const { actions } = directive
  const isRule = directive.kind === 'rule'
  return {
    at: directive.at,
    operator: isRule ? directive.operator : null,
    targets: isRule ? directive.targets : [],
    transformations: transformationsOf([], [...inherited, ...actions]),
    capture: hasAction(actions, 'capture'),
    multiMatch: hasAction(actions, 'multimatch'),
    effects: effectsOf(actions),
  }
}
