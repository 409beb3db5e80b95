/** Persistent collections (`initcol`): variables that outlive a transaction, in this worker's memory alone.
 *
 *  Bounded and forgetful: the oldest record goes first. Never the basis of Sallyport's own limits. */

import { persistentRecordsMax, persistentVariablesMax } from './bounds.ts'
import type { TxValue } from './tx.ts'

export interface PersistentRecord {
  readonly get: (name: string, now: number) => TxValue
  /** `undefined` removes. */
  readonly set: (name: string, value: TxValue, now: number) => void
  /** Removes the variable `seconds` from now (`expirevar`). */
  readonly expire: (name: string, seconds: number, now: number) => void
  readonly entries: (now: number) => readonly (readonly [string, string])[]
}

export interface PersistentStore {
  /** The record of `collection` under `key`; made where there is none. `now` in milliseconds since the epoch. */
  readonly open: (collection: string, key: string, now: number) => PersistentRecord
}

interface Stored {
  readonly variables: Map<string, { value: string | number; endsAt: number }>
  touchedAt: number
}

/** `secondsMax`: how long an untouched record lives (`SecCollectionTimeout`). */
export function createPersistentStore(secondsMax: number): PersistentStore {
  const records = new Map<string, Stored>()
  return {
    open(collection, key, now) {
      const name = `${collection}\0${key}`
      let stored = records.get(name)
      if (stored === undefined || now - stored.touchedAt > secondsMax * 1000) {
        stored = { variables: new Map(), touchedAt: now }
      }
      // Insertion order is age: a touched record goes to the end.
      records.delete(name)
      records.set(name, stored)
      stored.touchedAt = now
      if (records.size > persistentRecordsMax) records.delete(records.keys().next().value as string)
      return recordOver(stored)
    },
  }
}

function recordOver(stored: Stored): PersistentRecord {
  const { variables } = stored
  return {
    get(name, now) {
      const variable = variables.get(name)
      return variable === undefined || variable.endsAt <= now ? undefined : variable.value
    },
    set(name, value, now) {
      stored.touchedAt = now
      const known = variables.get(name)
      if (value === undefined) variables.delete(name)
      else if (known !== undefined && known.endsAt > now) known.value = value
      else if (known !== undefined || variables.size < persistentVariablesMax) {
        variables.set(name, { value, endsAt: Number.POSITIVE_INFINITY })
      }
    },
    expire(name, seconds, now) {
      const variable = variables.get(name)
      if (variable !== undefined && variable.endsAt > now) variable.endsAt = now + seconds * 1000
    },
    entries(now) {
      return [...variables]
        .filter(([, variable]) => variable.endsAt > now)
        .map(([name, variable]) => [name, String(variable.value)] as const)
    },
  }
}
