/** Persistent collections (`initcol`): variables that outlive a transaction, in this worker's memory alone.
 *
 *  Bounded and forgetful: the record that nobody touched for longest goes first. Never the basis of Sallyport's own limits. */

import {
  persistentCharactersMax,
  persistentRecordsMax,
  persistentValueCharactersMax,
  persistentVariablesMax,
} from './bounds.ts'
import { ownCopy } from './own-copy.ts'
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

interface StoredVariable {
  readonly value: string | number
  /** Milliseconds since the epoch; infinite unless `expirevar` said when. */
  endsAt: number
}

interface Stored {
  readonly name: string
  readonly variables: Map<string, StoredVariable>
  touchedAt: number
}

interface Store {
  /** Insertion order is age: a touched record goes to the end. */
  readonly records: Map<string, Stored>
  /** Of all names and values. */
  characters: number
}

/** `secondsMax`: how long an untouched record lives (`SecCollectionTimeout`). */
export function createPersistentStore(secondsMax: number): PersistentStore {
  const store: Store = { records: new Map(), characters: 0 }
  return {
    open(collection, key, now) {
      const name = ownCopy(`${collection}\0${key}`)
      const known = store.records.get(name)
      const stale = known !== undefined && now - known.touchedAt > secondsMax * 1000
      if (stale) forget(store, known)
      const stored = known === undefined || stale ? { name, variables: new Map(), touchedAt: now } : known
      touch(store, stored, now)
      return recordOver(store, stored)
    },
  }
}

function touch(store: Store, stored: Stored, now: number): void {
  store.records.delete(stored.name)
  store.records.set(stored.name, stored)
  stored.touchedAt = now
  while (store.records.size > persistentRecordsMax || store.characters > persistentCharactersMax) {
    const [oldest] = store.records.values()
    if (oldest === undefined) return
    forget(store, oldest)
  }
}

function forget(store: Store, stored: Stored): void {
  for (const name of [...stored.variables.keys()]) remove(store, stored, name)
  store.records.delete(stored.name)
}

function remove(store: Store, { variables }: Stored, name: string): void {
  const variable = variables.get(name)
  if (variable === undefined) return
  variables.delete(name)
  store.characters -= sizeOf(name, variable)
}

function sizeOf(name: string, { value }: StoredVariable): number {
  return name.length + String(value).length
}

function recordOver(store: Store, stored: Stored): PersistentRecord {
  const { variables } = stored
  const alive = (name: string, now: number): StoredVariable | null => {
    const variable = variables.get(name)
    return variable === undefined || variable.endsAt <= now ? null : variable
  }
  return {
    get: (name, now) => alive(name, now)?.value,
    set(name, value, now) {
      const endsAt = alive(name, now)?.endsAt ?? Number.POSITIVE_INFINITY
      remove(store, stored, name)
      if (value !== undefined && hasRoom(store, stored, now)) {
        const kept = typeof value === 'number' ? value : ownCopy(value.slice(0, persistentValueCharactersMax))
        const variable: StoredVariable = { value: kept, endsAt }
        variables.set(ownCopy(name), variable)
        store.characters += sizeOf(name, variable)
      }
      // A transaction may hold a record that had to go meanwhile: it comes back with what is in it.
      touch(store, stored, now)
    },
    expire(name, seconds, now) {
      const variable = alive(name, now)
      if (variable !== null) variable.endsAt = now + seconds * 1000
    },
    entries: (now) =>
      [...variables]
        .filter(([, variable]) => variable.endsAt > now)
        .map(([name, variable]) => [name, String(variable.value)] as const),
  }
}

/** What has run out makes room. */
function hasRoom(store: Store, stored: Stored, now: number): boolean {
  if (stored.variables.size < persistentVariablesMax) return true
  for (const [name, { endsAt }] of [...stored.variables]) if (endsAt <= now) remove(store, stored, name)
  return stored.variables.size < persistentVariablesMax
}
