/** Time and chance as the ACME client sees them, so that a test can live through years in a millisecond. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Clock {
  /** Wall clock, milliseconds since 1970: may jump both ways. */
  readonly now: () => number
  /** Milliseconds since some start: never jumps, may stand still while the machine sleeps. */
  readonly elapsed: () => number
  /** Rejects when aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** From 0 to below 1. */
  readonly chance: () => number
}

const parts = 1_000_000

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
  chance: () => randomInt(parts) / parts,
}
