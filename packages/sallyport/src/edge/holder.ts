/** The snapshot in force. Whoever works by one takes it once and gives it back, so that what it holds open (pools of connections) outlives its
 *  last request and not a moment more. */
import type { Snapshot } from './snapshot.ts'

export interface Lease {
  readonly snapshot: Snapshot
  /** Once, when the work is done. */
  readonly giveBack: () => void
}

export interface SnapshotHolder {
  /** To look, for the length of one synchronous step. */
  readonly current: () => Snapshot
  /** To work by: once a request. */
  readonly take: () => Lease
  /** `next` in place of the one in force, which has all that it holds open: other certificates, and nothing else. */
  readonly renew: (next: Snapshot) => void
  /** From now on `next` is in force. Resolves when the last request that took the one before has given it back. */
  readonly swap: (next: Snapshot) => Promise<void>
}

interface Held {
  snapshot: Snapshot
  uses: number
  readonly idle: PromiseWithResolvers<void>
}

export function holdSnapshot(first: Snapshot): SnapshotHolder {
  let held = hold(first)
  const settle = (one: Held): void => {
    if (one.uses === 0 && one !== held) one.idle.resolve()
  }
  return {
    current: () => held.snapshot,
    take() {
      const mine = held
      mine.uses++
      return {
        snapshot: mine.snapshot,
        giveBack() {
          mine.uses--
          settle(mine)
        },
      }
    },
    renew(next) {
      held.snapshot = next
    },
    swap(next) {
      const before = held
      held = hold(next)
      settle(before)
      return before.idle.promise
    },
  }
}

function hold(snapshot: Snapshot): Held {
  return { snapshot, uses: 0, idle: Promise.withResolvers() }
}
