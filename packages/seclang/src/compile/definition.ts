/** A rule as the files define it, after defaults and exclusions, before it becomes code. */

import type { ActionNode, OperatorNode, Position, TargetNode, Template } from '../parse/syntax.ts'
import type { Severity } from '../severity.ts'
import type { Phase } from '../state.ts'
import type { Transformation } from '../transformations/transformation.ts'

export type Disruption =
  | { readonly kind: 'pass' }
  | { readonly kind: 'deny' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'redirect'; readonly url: Template }
  /** `phase`: the rest of this phase; `request`: phases 1 and 2; `all`: all but phase 5. */
  | { readonly kind: 'allow'; readonly scope: 'phase' | 'request' | 'all' }

/** One condition of a rule with what happens when it matches; a rule without `chain` has one. */
export interface LinkDefinition {
  readonly at: Position
  /** Null: matches always (`SecAction`). */
  readonly operator: OperatorNode | null
  readonly targets: readonly TargetNode[]
  readonly transformations: readonly Transformation[]
  readonly capture: boolean
  readonly multiMatch: boolean
  /** `setvar`, `ctl`, `initcol` and the like, in order. */
  readonly effects: readonly ActionNode[]
}

export interface RuleDefinition {
  readonly at: Position
  /** 0 where the rule has none (ModSecurity demands one; so do we, but for markers' sake it is checked in one place). */
  readonly id: number
  readonly phase: Phase
  readonly links: readonly LinkDefinition[]
  readonly disruption: Disruption
  readonly status: number
  readonly log: boolean
  readonly message: Template | null
  readonly data: Template | null
  readonly severity: Severity | null
  readonly tags: readonly string[]
  /** Rules to skip after a match; 0: none. */
  readonly skip: number
  readonly skipAfter: string | null
}

export type Item =
  | { readonly kind: 'rule'; readonly rule: RuleDefinition }
  | { readonly kind: 'marker'; readonly label: string }

/** Something the author should know; the rules still work. */
export interface Warning {
  readonly at: Position | null
  readonly word: string
  /** What is so, and what to do about it. */
  readonly reason: string
}

export type Warn = (warning: Warning) => void
