/** What the parts of the compiler share while one rule set is compiled. */

import type { OperatorContext } from '../operators/operator.ts'
import type { Position } from '../parse/syntax.ts'
import type { PrefilterPlan } from '../prefilter.ts'
import { capturesMax, type TxLayout, type TxValue } from '../tx.ts'
import type { RuleDefinition, Warn } from './definition.ts'

export interface CompileContext {
  readonly warn: Warn
  /** For an operator that stands at a place: paths in it are relative to that file. */
  readonly operatorContextAt: (at: Position) => Omit<OperatorContext, 'warn'>
  /** Null: compile without a prefilter. */
  readonly prefilter: PrefilterPlan | null
  /** All rules in file order; a rule's number is its place here. */
  readonly rules: readonly RuleDefinition[]
  /** Some rule reads what another rule matched (`MATCHED_VAR` outside a chain): no match may then be folded away. */
  readonly watchesMatches: boolean
  /** The slot of a TX name, made at its first mention. */
  readonly slotOf: (name: string) => number
}

/** The same for the parts of one rule: what they warn of names it, and has a place. */
export function contextOf(rule: RuleDefinition, at: Position, context: CompileContext): CompileContext {
  const warn: Warn = (warning) =>
    context.warn({ ...warning, at: warning.at ?? at, reason: `rule ${rule.id}: ${warning.reason}` })
  return { ...context, warn }
}

export interface TxLayoutPlan {
  readonly slotOf: (name: string) => number
  readonly build: (initial: ReadonlyMap<string, TxValue>) => TxLayout
}

export function planTxLayout(): TxLayoutPlan {
  const slots = new Map<string, number>()
  const slotOf = (name: string): number => {
    const known = slots.get(name)
    if (known !== undefined) return known
    slots.set(name, slots.size)
    return slots.size - 1
  }
  for (let group = 0; group < capturesMax; group++) slotOf(String(group))
  return {
    slotOf,
    build(initial) {
      for (const name of initial.keys()) slotOf(name)
      const names = [...slots.keys()]
      return { slots, names, initial: names.map((name) => initial.get(name)) }
    },
  }
}
