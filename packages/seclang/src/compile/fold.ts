/** Constant folding: rules whose outcome is the same for every request cost nothing at run time.
 *
 *  CRS asks TX for its paranoia level before every block of rules and sets its defaults in the same way; all of that is
 *  known when the rules are compiled. The rules are walked in the order of their execution with what is known of TX
 *  (an abstract interpretation; Cousot, POPL 1977): a rule that cannot match is dropped, one that always matches keeps
 *  only its effects, a gate that always skips takes the rules behind it along.
 *
 *  Guarantee: the compiled rules do what the written ones do. Proof: fold.test.ts runs both on generated rules. */

import type { Phase } from '../state.ts'
import type { TxValue } from '../tx.ts'
import type { CompileContext } from './context.ts'
import { modeOf } from './control.ts'
import type { Item, RuleDefinition } from './definition.ts'
import { aftermathOf, certainResult, forgetWritten, outcomeOf } from './fold-rule.ts'
import { join, type Knowledge, nothingKnown, nothingSet } from './knowledge.ts'
import { addReads, type Reads } from './reads.ts'
import { narrowedLater, type Removals, removedLater, removedTogether } from './removals.ts'

/** A rule that has something to do at run time. */
export interface KeptRule {
  readonly number: number
  /** Its place in its phase before anything was dropped. */
  readonly place: number
  readonly rule: RuleDefinition
  /** Its targets and operator need not be looked at: it always matches. */
  readonly always: boolean
  /** The place to go on at after a match; null: the next rule. */
  readonly target: number | null
  /** What is known while it runs. */
  readonly knowledge: Knowledge
}

export interface Folded {
  readonly phases: ReadonlyMap<Phase, readonly KeptRule[]>
  /** TX as every transaction begins. */
  readonly initial: ReadonlyMap<string, TxValue>
}

export const phases: readonly Phase[] = [1, 2, 3, 4, 5]

/** State of the walk that outlives a phase. */
interface Walk {
  readonly context: CompileContext
  readonly removals: Removals
  readonly numberOf: ReadonlyMap<RuleDefinition, number>
  readonly initial: Map<string, TxValue>
  /** What rules that run have read and written so far: a value that one of them saw unset must not be there from the start. */
  readonly touched: Reads
  /** Knowledge at every point where a phase may end early. */
  readonly exits: Knowledge[]
  /** A rule so far may have switched the engine off: what comes behind it may not happen at all. */
  mayStop: boolean
}

export function fold(items: readonly Item[], removals: Removals, context: CompileContext): Folded {
  const numberOf = new Map(context.rules.map((rule, number) => [rule, number]))
  const walk: Walk = {
    context,
    removals,
    numberOf,
    initial: new Map(),
    touched: { names: new Set(), prefixes: new Set(), everything: false },
    exits: [],
    mayStop: false,
  }
  const kept = new Map<Phase, readonly KeptRule[]>()
  let entry = nothingSet
  for (const phase of phases) {
    const folded = foldPhase(itemsOf(items, phase), entry, walk)
    kept.set(phase, folded.kept)
    // A server may stop after any phase, an interruption in any; what then follows knows what all of these have in common.
    walk.exits.push(folded.exit)
    entry = walk.exits.reduce(join)
  }
  return { phases: kept, initial: walk.initial }
}

/** The rules as written, nothing folded and nothing known: what folding is proven against. */
export function keepAll(items: readonly Item[], context: CompileContext): Folded {
  const numberOf = new Map(context.rules.map((rule, number) => [rule, number]))
  const keptOf = (phase: Phase): readonly KeptRule[] => {
    const own = itemsOf(items, phase)
    return own.flatMap((item, place) => {
      if (item.kind === 'marker') return []
      const { rule } = item
      const number = numberOf.get(rule) as number
      return [{ number, place, rule, always: false, target: targetOf(rule, own, place), knowledge: nothingKnown }]
    })
  }
  return { phases: new Map(phases.map((phase) => [phase, keptOf(phase)])), initial: new Map() }
}

function itemsOf(items: readonly Item[], phase: Phase): readonly Item[] {
  return items.filter((item) => item.kind === 'marker' || item.rule.phase === phase)
}

interface FoldedPhase {
  readonly kept: readonly KeptRule[]
  readonly exit: Knowledge
}

function foldPhase(items: readonly Item[], entry: Knowledge, walk: Walk): FoldedPhase {
  const kept: KeptRule[] = []
  /** Knowledge of the paths that have jumped, by where they land. */
  const landing = new Map<number, Knowledge[]>()
  let live: Knowledge | null = entry
  for (const [place, item] of items.entries()) {
    const landed = landing.get(place)
    landing.delete(place)
    if (landed !== undefined) live = landed.reduce(join, live ?? (landed[0] as Knowledge))
    if (item.kind === 'marker' || live === null) continue
    const { rule } = item
    const outcome = outcomeOf(rule, live, walk.context)
    if (outcome === 'never') continue
    const number = walk.numberOf.get(rule) as number
    const target = targetOf(rule, items, place)
    // A rule that may lose a target has to look at what is left.
    const always = outcome === 'always' && !narrowedLater(walk.removals, rule, number)
    const certain = always && !removedLater(walk.removals, rule, number)
    const after = aftermathOf(rule, live, always)
    const gate =
      always &&
      target !== null &&
      (certain || removedTogether(walk.removals, rule, number, between(items, place, target, walk)))
    // Rules in between that an earlier jump lands among are kept; then whoever comes straight must still jump over them.
    const nothingBetween = ![...landing.keys()].some((landed) => target !== null && landed > place && landed < target)
    const straight = landing.size === 0 && walk.exits.length === 0 && !walk.mayStop
    const result = certain && target === null ? certainResult(rule, live) : null
    if (result !== null && (result.size === 0 || (straight && untouched(result, walk.touched)))) {
      for (const [name, value] of result) walk.initial.set(name, value)
    } else if (!(gate && nothingBetween && hasNoEffect(rule))) {
      const knowledge = forgetWritten(rule, live)
      kept.push({ number, place, rule, always, target, knowledge })
      addReads(rule, knowledge, always, walk.touched)
      walk.mayStop ||= turnsOff(rule)
    }
    if (rule.disruption.kind !== 'pass') walk.exits.push(after.whole)
    if (target !== null) {
      // A gate that may have been taken out is passed without its effects, and all behind it up to its target with it.
      const landed: Knowledge = gate && !certain ? join(live, after.whole) : after.whole
      landing.set(target, [...(landing.get(target) ?? []), landed])
    }
    if (gate) live = null
    else if (certain && target === null) live = after.whole
    else live = [after.whole, ...after.partly].reduce(join, live)
  }
  const ends = [...landing.values()].flat()
  return { kept, exit: live === null ? ends.reduce(join) : ends.reduce(join, live) }
}

/** `ctl:ruleEngine=Off`. */
function turnsOff(rule: RuleDefinition): boolean {
  return rule.links.some(({ effects }) => effects.some((action) => action.name === 'ctl' && modeOf(action) === 'off'))
}

function hasNoEffect(rule: RuleDefinition): boolean {
  return rule.links.every(({ effects }) => effects.length === 0)
}

/** The numbers of the rules that a jump passes over. */
function between(items: readonly Item[], place: number, target: number, walk: Walk): readonly number[] {
  return items
    .slice(place + 1, target)
    .flatMap((item) => (item.kind === 'rule' ? [walk.numberOf.get(item.rule) as number] : []))
}

/** Nothing that runs before has read or written these names. */
function untouched(result: ReadonlyMap<string, TxValue>, touched: Reads): boolean {
  if (touched.everything) return result.size === 0
  for (const name of result.keys()) {
    if (touched.names.has(name)) return false
    for (const prefix of touched.prefixes) if (name.startsWith(prefix)) return false
  }
  return true
}

/** Where a match jumps to: a place in the phase, its end where the marker is missing; null: to the next rule. */
function targetOf(rule: RuleDefinition, items: readonly Item[], place: number): number | null {
  if (rule.skipAfter !== null) return placeAfter(items, place, rule.skipAfter)
  if (rule.skip === 0) return null
  let left = rule.skip
  for (let next = place + 1; next < items.length; next++) {
    if (items[next]?.kind !== 'rule') continue
    if (left === 0) return next
    left--
  }
  return items.length
}

/** The first marker of that label behind `place`. */
function placeAfter(items: readonly Item[], place: number, label: string): number {
  const found = items.findIndex((item, index) => index > place && item.kind === 'marker' && item.label === label)
  return found === -1 ? items.length : found
}
