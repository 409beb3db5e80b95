/** Which rules a `ctl` may take out while a transaction runs: what folding must leave in place for that. */

import type { Phase } from '../state.ts'
import { removalOf } from './control.ts'
import type { RuleDefinition } from './definition.ts'

interface PlacedRemoval {
  /** Of the rule that has the `ctl`. */
  readonly phase: Phase
  readonly number: number
  readonly rules: ReadonlySet<number>
  /** Takes out rules whole, not targets of them. */
  readonly whole: boolean
}

export type Removals = readonly PlacedRemoval[]

export function removalsOf(rules: readonly RuleDefinition[]): Removals {
  return rules.flatMap((rule, number) =>
    rule.links
      .flatMap((link) => link.effects)
      .filter(({ name }) => name === 'ctl')
      .flatMap((action) => {
        const removal = removalOf(action, rules)
        // Taking out a target changes what is folded only where the target is TX.
        if (removal === null || (removal.target !== null && removal.target.name !== 'TX')) return []
        return [{ phase: rule.phase, number, rules: new Set(removal.rules), whole: removal.target === null }]
      }),
  )
}

function reaching(removals: Removals, rule: RuleDefinition, number: number): Removals {
  return removals.filter(
    (removal) =>
      removal.rules.has(number) &&
      (removal.phase < rule.phase || (removal.phase === rule.phase && removal.number < number)),
  )
}

/** Could the rule have been taken out by the time it runs? */
export function removedLater(removals: Removals, rule: RuleDefinition, number: number): boolean {
  return reaching(removals, rule, number).length > 0
}

/** Could one of its targets have been? */
export function narrowedLater(removals: Removals, rule: RuleDefinition, number: number): boolean {
  return reaching(removals, rule, number).some(({ whole }) => !whole)
}

/** Whatever takes out the rule takes out all of `others` too. */
export function removedTogether(
  removals: Removals,
  rule: RuleDefinition,
  number: number,
  others: readonly number[],
): boolean {
  return reaching(removals, rule, number).every((removal) => others.every((other) => removal.rules.has(other)))
}
