/** Where decisions are written: standard output, or a file that is opened anew whenever it is asked for, so that what rotates logs can take the
 *  old one away. */
import { setImmediate as turn } from 'node:timers/promises'
import { logEndTimeMaxMs } from './bounds.ts'
import { decisionLines, type LinesEvents, type WhenFull } from './decision-lines.ts'
import type { LogDecision } from './decision-log.ts'
import { type LogSink, type OnSettled, openFileSink } from './log-sink.ts'

export interface DecisionOutput {
  readonly log: LogDecision
  /** Whether one more decision may be made: false where its line might find no room, and the operator wants none lost. */
  readonly takes: () => boolean
  /** Opens what decisions shall go to next. Rejects with Node's own error, and nothing changed. */
  readonly prepare: (to: LogChoice) => Promise<{ readonly swap: () => void; readonly abandon: () => void }>
  /** Resolves when what was logged is with the system, or a moment later where its reader does not read. */
  readonly close: () => Promise<void>
}

export interface LogChoice {
  /** A file; null: standard output. */
  readonly decisions: string | null
  readonly whenFull: WhenFull
}

/** Makes the sink of standard output. */
export type StandardSink = (onSettled: OnSettled) => LogSink

/** Begins with standard output. */
export function decisionOutput(standardSink: StandardSink, events: LinesEvents): DecisionOutput {
  const onSettled: OnSettled = (sink) => {
    if (sink === out) lines.settled()
  }
  const standard = standardSink(onSettled)
  let out = standard
  let whenFull: WhenFull = 'drop'
  const lines = decisionLines(
    () => out,
    () => whenFull,
    events,
  )
  const end = async (sink: LogSink): Promise<void> => {
    await inTime(sink.end(), logEndTimeMaxMs)
    const lost = sink.heldBytes()
    if (lost > 0) events.say(`decision log: ${sink.name} did not take its last ${lost} bytes`)
  }
  return {
    log: lines.log,
    takes: lines.takes,
    async prepare(to) {
      const next = to.decisions === null ? standard : await openFileSink(to.decisions, onSettled)
      return {
        swap() {
          const before = out
          out = next
          whenFull = to.whenFull
          if (before !== standard && before !== next) void end(before)
          lines.settled()
        },
        abandon() {
          if (next !== standard) void end(next)
        },
      }
    },
    async close() {
      // One more turn: lines gathered in this one are written then.
      await turn()
      await end(out)
    },
  }
}

/** Resolves with the work, or after so long. */
function inTime(work: Promise<void>, timeMs: number): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, timeMs)
    void work.then(() => {
      clearTimeout(patience)
      resolve()
    })
  })
}
