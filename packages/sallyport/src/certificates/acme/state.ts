/** What is kept of one certificate: chain and key in one file, so that they change together, and the count of failures, so
 *  that an edge which is restarted again and again asks no more often than one that runs. */
import type { Pair } from '../pair.ts'
import { checkPair } from '../pair.ts'
import { readFileOrNull, replaceFile } from './files.ts'

export interface State {
  readonly pair: Pair | null
  /** Failures in a row; a try counts as one before it begins. */
  readonly failures: number
  /** No try before this, milliseconds since 1970. */
  readonly retryAtMs: number
}

export const freshState: State = { pair: null, failures: 0, retryAtMs: 0 }

const version = 1

/** A file that is missing is a fresh state; one that makes no sense too, and `say` tells of it. */
export async function readState(file: string, say: (line: string) => void): Promise<State> {
  const text = await readFileOrNull(file)
  if (text === null) return freshState
  try {
    return parse(JSON.parse(text), file)
  } catch (error) {
    say(`${file} is not what was written there (${(error as Error).message}); another certificate is asked for`)
    return freshState
  }
}

export async function writeState(file: string, { pair, failures, retryAtMs }: State): Promise<void> {
  const retryAt = new Date(retryAtMs).toISOString()
  await replaceFile(file, `${JSON.stringify({ version, failures, retryAt, ...pair }, null, 2)}\n`)
}

function parse(value: unknown, file: string): State {
  const { version: written, failures, retryAt, cert, key } = value as Readonly<Record<string, unknown>>
  if (written !== version) throw new Error('another version')
  const retryAtMs = Date.parse(String(retryAt))
  if (!Number.isSafeInteger(failures) || Number.isNaN(retryAtMs)) throw new Error('no counts')
  const pair = typeof cert === 'string' && typeof key === 'string' ? { cert, key } : null
  if (pair !== null) checkPair(pair, file, file)
  return { pair, failures: failures as number, retryAtMs }
}
