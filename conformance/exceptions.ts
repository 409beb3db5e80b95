/** The cases that we do not hold to, each with its reason: read from exceptions.json, beside the runner. */

import { readFileSync } from 'node:fs'
import type { Case } from './cases.ts'

const suiteNames = ['crs', 'crs-edge', 'seclang', 'libinjection'] as const
export type SuiteName = (typeof suiteNames)[number]

/** Either one case by its id, which is run all the same so that the list can only shrink, or every case of the suite that
 *  needs something which is not built yet (`needs`); those cannot be judged and are not run. */
export type Exception =
  | { readonly suite: SuiteName; readonly id: string; readonly reason: string }
  | { readonly suite: SuiteName; readonly needs: string; readonly reason: string }

/** Throws where an entry has no suite, no reason, or neither id nor needs: a list of excuses must at least be complete. */
export function parseExceptions(text: string): readonly Exception[] {
  const entries: unknown = JSON.parse(text)
  if (!Array.isArray(entries)) throw new TypeError('exceptions: expected a list')
  return entries.map((entry: Record<string, unknown>, index) => {
    const { suite: named, id, needs, reason } = entry
    const suite = suiteNames.find((name) => name === named)
    const where = `exceptions, entry ${index + 1}`
    if (suite === undefined) throw new TypeError(`${where}: unknown suite`)
    if (typeof reason !== 'string' || reason === '') throw new TypeError(`${where}: a reason is missing`)
    if (typeof id === 'string' && needs === undefined) return { suite, id, reason }
    if (typeof needs === 'string' && id === undefined) return { suite, needs, reason }
    throw new TypeError(`${where}: expected either "id" or "needs"`)
  })
}

export function readExceptions(): readonly Exception[] {
  return parseExceptions(readFileSync(new URL('exceptions.json', import.meta.url), 'utf8'))
}

/** The exception that names what this case needs: the case is not to be run. */
export function unmetNeed(exceptions: readonly Exception[], suite: SuiteName, { needs }: Case): Exception | null {
  if (needs === null) return null
  return exceptions.find((entry) => entry.suite === suite && 'needs' in entry && entry.needs === needs) ?? null
}

/** The exception for exactly this case: it is run, and expected to fail. */
export function exceptionFor(exceptions: readonly Exception[], suite: SuiteName, { id }: Case): Exception | null {
  return exceptions.find((entry) => entry.suite === suite && 'id' in entry && entry.id === id) ?? null
}
