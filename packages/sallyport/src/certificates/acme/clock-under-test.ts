/** For tests: a clock that runs when somebody waits, and only then. */
import type { Clock } from './clock.ts'

export interface FakeClock extends Clock {
  /** Sets the wall clock forward or back; what cannot jump goes on. */
  readonly jump: (ms: number) => void
  readonly waits: readonly number[]
}

/** `onWait` is called after each wait with the milliseconds since the start. */
export function fakeClock(startMs: number, onWait: (elapsedMs: number) => void = () => undefined): FakeClock {
  let elapsed = 0
  let offset = startMs
  const waits: number[] = []
  return {
    now: () => offset + elapsed,
    elapsed: () => elapsed,
    chance: () => 0.5,
    wait: async (ms, signal) => {
      signal.throwIfAborted()
      waits.push(ms)
      elapsed += ms
      onWait(elapsed)
    },
    jump: (ms) => {
      offset += ms
    },
    waits,
  }
}
