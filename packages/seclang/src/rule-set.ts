/** A compiled rule set: what the compiler makes and transactions run. Nothing of it changes after it is compiled. */

import type { PersistentStore } from './persistent.ts'
import type { Prefilter } from './prefilter.ts'
import type { Severity } from './severity.ts'
import type { Mode, Phase, State } from './state.ts'
import type { Chain } from './transformations/chain.ts'
import type { TxLayout } from './tx.ts'
import type { Variable } from './value.ts'

export interface Link {
  /** Null: matches always (`SecAction`, and rules known to match whatever the request). */
  readonly condition: LinkCondition | null
  readonly effects: readonly ((state: State) => void)[]
}

export interface LinkCondition {
  readonly read: (state: State) => readonly Variable[]
  readonly chain: Chain | null
  /** With `multiMatch`: the beginnings of the chain, from none to whole, each of which is tested. */
  readonly steps: readonly (Chain | null)[] | null
  readonly test: (value: string, captures: string[] | null, state: State) => boolean
  readonly negated: boolean
  readonly capture: boolean
  /** Its number in the prefilter's scans; -1: run it on every value. */
  readonly filter: number
}

export type CompiledDisruption =
  | { readonly kind: 'pass' | 'deny' | 'drop' }
  | { readonly kind: 'redirect'; readonly url: (state: State) => string }
  | { readonly kind: 'allow'; readonly scope: 'phase' | 'request' | 'all' }

export interface CompiledRule {
  /** Its place among all rules of the set: `ctl` names rules by it. */
  readonly number: number
  readonly id: number
  readonly links: readonly Link[]
  readonly disruption: CompiledDisruption
  readonly status: number
  readonly log: boolean
  readonly message: (state: State) => string
  readonly data: (state: State) => string
  readonly severity: Severity | null
  readonly severityNumber: number
  readonly tags: readonly string[]
  /** Where its phase goes on after a match, as an index of the phase's rules; -1: at the next rule. */
  readonly jump: number
}

export interface Program {
  readonly phases: Readonly<Record<Phase, readonly CompiledRule[]>>
  /** Of the whole set, those without a part at run time included. */
  readonly ruleCount: number
  readonly layout: TxLayout
  readonly prefilter: Prefilter | null
  readonly mode: Mode
  readonly persistent: PersistentStore
  /** Media types (lower case, without parameters) of responses whose body is inspected. */
  readonly responseTypes: ReadonlySet<string>
}
