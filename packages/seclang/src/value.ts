/** One distinct text of a request, with everything already computed from it. */

import type { Chain } from './transformations/chain.ts'

/** Which of the tests of one rule set's prefilter could match `text`: a bit for each. */
export interface Scan {
  readonly prefilter: object
  readonly text: string
  readonly candidates: Uint32Array
}

/** A text (latin1) and the memory of what was made of it. Shared by every variable that holds it (`ARGS:a`, `ARGS_GET:a`,
 *  `MATCHED_VAR`) and by every rule set that judges the same exchange, so that each transformation and each scan runs once. */
export interface Value {
  readonly text: string
  /** Results of transformation chains, by the chain's number. */
  readonly transformed: (string | undefined)[]
  /** Results of prefilter scans; a handful at most, since most chains leave most values alone. */
  readonly scans: Scan[]
}

export function makeValue(text: string): Value {
  return { text, transformed: [], scans: [] }
}

/** The value after `chain`; computed at most once for each value and chain. */
export function transformed(value: Value, chain: Chain | null): string {
  if (chain === null) return value.text
  const done = value.transformed[chain.id]
  if (done !== undefined) return done
  const result = chain.apply(transformed(value, chain.before))
  value.transformed[chain.id] = result
  return result
}

/** One named value: `ARGS:id`. `key` is null for a variable that is no collection. */
export interface Variable {
  readonly collection: string
  readonly key: string | null
  readonly value: Value
}

/** As `MATCHED_VAR_NAME` and the log show it. */
export function variableName(variable: Variable): string {
  return variable.key === null ? variable.collection : `${variable.collection}:${variable.key}`
}
