/** Decisions as lines, gathered to one write a turn of the event loop, and what happens where the log does not keep up: it costs bounded memory,
 *  and either lines or requests, as the operator chose. */
import { logBacklogBytesMax, logRefuseBytes } from './bounds.ts'
import type { DecisionRecord, LogDecision } from './decision-log.ts'
import type { LogSink } from './log-sink.ts'

/** `drop`: lines are lost, and counted. `refuse`: no request is served whose line might be. */
export type WhenFull = 'drop' | 'refuse'

export interface DecisionLines {
  readonly log: LogDecision
  /** False where a request must be refused, since the log may not be able to take its line; each no is counted. */
  readonly takes: () => boolean
  /** To be called when the sink has written, or failed to, or is another. */
  readonly settled: () => void
}

export interface LinesEvents {
  readonly onDropped: (lines: number) => void
  readonly onRefused: () => void
  /** A line for the operator: when the log stops to keep up, and when it does again. */
  readonly say: (line: string) => void
}

/** `sink` and `whenFull` are asked anew each time: a change of configuration comes between two lines. */
export function decisionLines(
  sink: () => LogSink,
  whenFull: () => WhenFull,
  { onDropped, onRefused, say }: LinesEvents,
): DecisionLines {
  let batch = ''
  let trouble: Trouble | null = null

  const heldBytes = (): number => sink().heldBytes() + batch.length
  const begin = (): Trouble => {
    if (trouble === null) {
      trouble = { dropped: 0, refused: 0 }
      say(`decision log: ${why(sink())}: ${meanwhile[whenFull()]}`)
    }
    return trouble
  }
  const settled = (): void => {
    if (sink().failure() !== null) begin()
    else if (trouble !== null && heldBytes() <= logRefuseBytes / 2) {
      const { dropped, refused } = trouble
      trouble = null
      say(
        `decision log: ${sink().name} takes lines again; ${dropped} lines were dropped, ${refused} requests refused for it`,
      )
    }
  }
  const flush = (): void => {
    const lines = batch
    batch = ''
    sink().write(lines)
  }
  /** Requests that were refused for overload leave the room to those that were served. */
  const roomFor = ({ kind, reason }: DecisionRecord): number =>
    kind === 'request' && reason === 'overload' ? logRefuseBytes : logBacklogBytesMax

  return {
    log(record) {
      const gone = sink().failsForGood && sink().failure() !== null
      if (gone || heldBytes() > roomFor(record)) {
        begin().dropped++
        onDropped(1)
        return
      }
      if (batch === '') setImmediate(flush)
      batch += `${JSON.stringify(record)}\n`
    },
    takes() {
      if (whenFull() === 'drop' || (sink().failure() === null && heldBytes() <= logRefuseBytes)) return true
      begin().refused++
      onRefused()
      return false
    },
    settled,
  }
}

/** Since the log stopped to keep up. */
interface Trouble {
  dropped: number
  refused: number
}

const meanwhile: Readonly<Record<WhenFull, string>> = {
  drop: 'lines that find no room are dropped',
  refuse: 'requests are refused',
}

function why({ name, failure, failsForGood }: LogSink): string {
  const error = failure()
  if (error === null) return `${name} does not keep up`
  return `${name} ${failsForGood ? 'is closed' : 'cannot be written'} (${error.message})`
}
