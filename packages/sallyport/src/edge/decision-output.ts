/** Where decisions are written: standard output, or a file that is opened anew whenever it is asked for, so that what rotates logs can take the
 *  old one away. */
import { open } from 'node:fs/promises'
import { finished, type Writable } from 'node:stream'
import { decisionLines, type LogDecision } from './decision-log.ts'

const ownerOnly = 0o600

export interface DecisionOutput {
  readonly log: LogDecision
  /** Opens what decisions shall go to next; null is standard output. Rejects with Node's own error, and nothing changed. */
  readonly prepare: (file: string | null) => Promise<{ readonly swap: () => void; readonly abandon: () => void }>
  /** Resolves when what was logged is with the system. */
  readonly close: () => Promise<void>
}

export interface OutputEvents {
  /** Lines that a slow reader, or an output that failed, has cost. */
  readonly onDropped: (lines: number) => void
  /** Once an output. */
  readonly onError: (error: Error, output: string) => void
}

/** Begins with standard output. */
export function decisionOutput(standard: Writable, { onDropped, onError }: OutputEvents): DecisionOutput {
  let out = standard
  // Later errors of the same output say nothing new, and must not end the process.
  standard.on('error', () => undefined)
  standard.once('error', (error) => onError(error, 'standard output'))
  return {
    log: decisionLines(() => out, onDropped),
    async prepare(file) {
      const next = file === null ? standard : await openFile(file, onError)
      return {
        swap() {
          const before = out
          out = next
          if (before !== standard && before !== next) before.end()
        },
        abandon() {
          if (next !== standard) next.destroy()
        },
      }
    },
    close() {
      // One more turn: lines gathered in this one are written then.
      return new Promise((resolve) => {
        setImmediate(() => {
          if (out === standard || out.destroyed) return resolve()
          finished(out, () => resolve())
          out.end()
        })
      })
    },
  }
}

async function openFile(file: string, onError: OutputEvents['onError']): Promise<Writable> {
  // Decisions tell who asks for what: nobody but the edge's own user reads them, unless the file was there with other rights.
  const handle = await open(file, 'a', ownerOnly)
  const stream = handle.createWriteStream()
  stream.on('error', () => undefined)
  stream.once('error', (error) => onError(error, file))
  return stream
}
