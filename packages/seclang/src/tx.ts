/** The TX collection: variables of one transaction, in slots numbered at compile time.
 *
 *  Names that the rules spell out have a slot; a name made at run time (`setvar:tx.count_%{MATCHED_VAR_NAME}`) goes to a map. */

import { txNamesMax } from './bounds.ts'
import { leadingInteger } from './operators/number.ts'

/** A score is a number until somebody reads it as text. */
export type TxValue = string | number | undefined

/** Names (lower case) to slots; fixed when the rule set is compiled. */
export interface TxLayout {
  readonly slots: ReadonlyMap<string, number>
  readonly names: readonly string[]
  /** What every transaction starts with: variables that are the same for all requests. */
  readonly initial: readonly TxValue[]
}

export class TxVariables {
  readonly layout: TxLayout
  readonly slots: TxValue[]
  /** Names that no rule spells out; null until there is one. */
  made: Map<string, TxValue> | null = null

  constructor(layout: TxLayout) {
    this.layout = layout
    this.slots = layout.initial.slice()
  }

  get(name: string): TxValue {
    const slot = this.layout.slots.get(name)
    return slot === undefined ? this.made?.get(name) : this.slots[slot]
  }

  set(name: string, value: TxValue): void {
    const slot = this.layout.slots.get(name)
    if (slot !== undefined) {
      this.slots[slot] = value
      return
    }
    this.made ??= new Map()
    if (value === undefined) this.made.delete(name)
    else if (this.made.size < txNamesMax || this.made.has(name)) this.made.set(name, value)
  }

  /** Captured groups, as `capture` stores them: TX:0 to TX:9. The names 0 to 9 have the first ten slots. */
  capture(groups: readonly string[]): void {
    for (let group = 0; group < capturesMax; group++) this.slots[group] = groups[group]
  }

  /** Every variable that is set, in the order of the names: which names have slots must make no difference. */
  entries(): readonly (readonly [string, string])[] {
    const found: (readonly [string, string])[] = []
    for (let slot = 0; slot < this.slots.length; slot++) {
      const value = this.slots[slot]
      if (value !== undefined) found.push([this.layout.names[slot] as string, String(value)])
    }
    if (this.made !== null) for (const [name, value] of this.made) found.push([name, String(value)])
    return found.sort(([one], [other]) => (one < other ? -1 : 1))
  }
}

export const capturesMax = 10

/** The number that a text begins with, else 0: ModSecurity's reading (C's `atoi`), kept within safe integers. */
export function toNumber(value: TxValue): number {
  if (value === undefined) return 0
  return typeof value === 'number' ? value : leadingInteger(value)
}

/** A sum that stays a whole number: it stops at the last that is exact, and never wraps or turns into `1e+21`. */
export function added(one: number, other: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, one + other))
}
