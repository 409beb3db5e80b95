/** What rules may read and write while they judge one exchange. The transaction owns it; variables and actions are given it. */

import type { ParsedBody, ProcessorName } from './bodies/body.ts'
import type { Exchange } from './exchange.ts'
import type { PersistentRecord, PersistentStore } from './persistent.ts'
import type { TxVariables } from './tx.ts'
import type { Variable } from './value.ts'

/** `detect` runs everything but disruptive actions. */
export type Mode = 'off' | 'detect' | 'block'

export type Phase = 1 | 2 | 3 | 4 | 5

/** The collections that `initcol` opens. */
export type PersistentName = 'global' | 'ip' | 'resource' | 'session' | 'user'

export interface State {
  readonly exchange: Exchange
  readonly tx: TxVariables
  readonly persistent: PersistentStore
  readonly records: Map<PersistentName, PersistentRecord>
  phase: Phase
  /** May be weakened by `ctl:ruleEngine`, never strengthened. */
  mode: Mode
  processor: ProcessorName | null
  requestBodyAccess: boolean
  /** REQUEST_BODY is wanted, whatever the processor (`ctl:forceRequestBodyVariable`). */
  forcesRequestBody: boolean
  responseBodyAccess: boolean
  /** `MATCHED_VAR`: what matched last. */
  matched: Variable | null
  /** `MATCHED_VARS`: all that matched in the chain being run. */
  matchedAll: Variable[]
  /** The most severe (lowest number) of the rules that matched; 255 while none did (ModSecurity). */
  highestSeverity: number
  /** `GEO`, set by `@geoLookup`. */
  geo: Readonly<Record<string, string>> | null
  sessionId: string
  userId: string
  /** Look-ups of this phase that are the same for every rule; emptied when the next phase begins. */
  readonly memo: Map<string, readonly Variable[]>
  /** The request's body as its processor read it, from phase 2 on. */
  readonly body: () => ParsedBody | null
  /** Runs no rule with one of these numbers any more in this transaction. */
  readonly removeRules: (rules: readonly number[]) => void
  /** Takes what `exclusion` names out of the targets of these rules. */
  readonly removeTargets: (rules: readonly number[], exclusion: Exclusion) => void
}

/** Whether a variable is exempt (`!ARGS:name`, `ctl:ruleRemoveTargetById`). */
export type Exclusion = (variable: Variable) => boolean
