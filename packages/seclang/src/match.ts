/** What a match says, in texts of their own: they outlive the request, in logs and in what an operator asks for later. */

import { matchTextCharactersMax, matchValueCharactersMax } from './bounds.ts'
import { ownCopy } from './own-copy.ts'
import type { CompiledRule } from './rule-set.ts'
import type { Severity } from './severity.ts'
import type { Phase, State } from './state.ts'
import { type Variable, variableName } from './value.ts'

/** One value that one logging rule matched; a match without a target (`SecAction`) has no variable. */
export interface Match {
  readonly id: number
  readonly phase: Phase
  readonly severity: Severity | null
  /** `msg` and `logdata`, macros expanded; latin1. */
  readonly message: string
  readonly data: string
  readonly tags: readonly string[]
  readonly variable: string
  /** The value's beginning, before transformations. */
  readonly value: string
}

/** `variable`: what the rule's head matched; null for a `SecAction`. */
export function describeMatch(rule: CompiledRule, variable: Variable | null, state: State): Match {
  return {
    id: rule.id,
    phase: state.phase,
    severity: rule.severity,
    message: ownCopy(rule.message(state)),
    data: ownCopy(rule.data(state)),
    tags: rule.tags,
    variable: variable === null ? '' : ownCopy(variableName(variable).slice(0, matchTextCharactersMax)),
    value: variable === null ? '' : ownCopy(variable.value.text.slice(0, matchValueCharactersMax)),
  }
}
