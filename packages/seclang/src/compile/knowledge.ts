/** What is known of TX at a point of the rules, whatever the request: the values that constant folding works with. */

import { capturesMax, type TxValue } from '../tx.ts'

const unknown: unique symbol = Symbol('unknown')

/** A name that is not in `values`, and begins with none of `prefixes`, is known to be unset. */
export interface Knowledge {
  readonly values: ReadonlyMap<string, TxValue | typeof unknown>
  /** Beginnings of names made at run time. */
  readonly prefixes: readonly string[]
}

/** As a transaction begins. */
export const nothingSet: Knowledge = { values: new Map(), prefixes: [] }
/** Any name may have any value. */
export const nothingKnown: Knowledge = { values: new Map(), prefixes: [''] }

/** The value of a name, where every path to this point gives it the same one. */
export function lookUp(knowledge: Knowledge, name: string): { readonly value: TxValue } | null {
  if (name.length === 1 && name >= '0' && Number(name) < capturesMax) return null
  if (knowledge.values.has(name)) {
    const value = knowledge.values.get(name)
    return value === unknown ? null : { value: value as TxValue }
  }
  return knowledge.prefixes.some((prefix) => name.startsWith(prefix)) ? null : { value: undefined }
}

export function learn(knowledge: Knowledge, name: string, value: TxValue): Knowledge {
  return { ...knowledge, values: new Map(knowledge.values).set(name, value) }
}

export function forget(knowledge: Knowledge, name: string): Knowledge {
  return { ...knowledge, values: new Map<string, TxValue | typeof unknown>(knowledge.values).set(name, unknown) }
}

/** A name that begins with `prefix` was written. */
export function forgetPrefix(knowledge: Knowledge, prefix: string): Knowledge {
  const values = new Map(knowledge.values)
  for (const name of values.keys()) if (name.startsWith(prefix)) values.set(name, unknown)
  return {
    values,
    prefixes: knowledge.prefixes.includes(prefix) ? knowledge.prefixes : [...knowledge.prefixes, prefix],
  }
}

/** What holds on both of two paths. */
export function join(one: Knowledge, other: Knowledge): Knowledge {
  if (one === other) return one
  const values = new Map<string, TxValue | typeof unknown>()
  for (const name of new Set([...one.values.keys(), ...other.values.keys()])) {
    const left = lookUp(one, name)
    const right = lookUp(other, name)
    values.set(name, left !== null && right !== null && left.value === right.value ? left.value : unknown)
  }
  return { values, prefixes: [...new Set([...one.prefixes, ...other.prefixes])] }
}
