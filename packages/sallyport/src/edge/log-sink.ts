/** Where lines of a log end up: a stream (standard output), or a file. Both hold what is not written yet, and say how much that is;
 *  how much may be held is for who writes to decide. */
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { logRetryEveryMs } from './bounds.ts'

const ownerOnly = 0o600

export interface LogSink {
  /** As operators know it. */
  readonly name: string
  /** Bytes taken and not yet with the system. */
  readonly heldBytes: () => number
  /** What keeps it from being written; null: nothing. */
  readonly failure: () => Error | null
  /** Whether a failure is for good: what is written after it is gone. */
  readonly failsForGood: boolean
  readonly write: (lines: string) => void
  /** Resolves when all it holds is with the system, or cannot be. */
  readonly end: () => Promise<void>
}

/** Told whenever something was written, or could not be. */
export type OnSettled = (sink: LogSink) => void

/** What is asked of a file. */
export interface LogFile {
  readonly write: (bytes: Buffer) => Promise<{ readonly bytesWritten: number }>
  readonly close: () => Promise<void>
}

/** A stream that fails is lost for good, with what it held. */
export function streamSink(stream: Writable, name: string, onSettled: OnSettled): LogSink {
  let failure: Error | null = null
  const settled = (): void => onSettled(sink)
  stream.on('error', (error) => {
    failure ??= error
    settled()
  })
  const sink: LogSink = {
    name,
    heldBytes: () => (stream.destroyed ? 0 : stream.writableLength),
    failure: () => failure,
    failsForGood: true,
    write(lines) {
      if (!stream.destroyed) stream.write(lines, settled)
    },
    // Nobody else may end standard output; what is written to it by then is all that counts.
    end: () => new Promise((resolve) => (stream.destroyed ? resolve() : stream.write('', () => resolve()))),
  }
  return sink
}

/** Adds to a file that is made where it is missing. Rejects with Node's own error. */
export async function openFileSink(file: string, onSettled: OnSettled): Promise<LogSink> {
  // Decisions tell who asks for what: nobody but the edge's own user reads them, unless the file was there with other rights.
  return fileSink(await open(file, 'a', ownerOnly), file, onSettled)
}

/** Writes again what could not be written, once in a while and from the byte it came to: a disk that was full leaves no torn line. */
export function fileSink(
  handle: LogFile,
  name: string,
  onSettled: OnSettled,
  retryEveryMs: number = logRetryEveryMs,
): LogSink {
  const waiting: string[] = []
  let waitingBytes = 0
  let current: Buffer = empty
  let failure: Error | null = null
  let working = false
  let ending: PromiseWithResolvers<void> | null = null
  let retry: NodeJS.Timeout | null = null

  const work = async (): Promise<void> => {
    working = true
    retry = null
    try {
      for (;;) {
        if (current.length === 0) {
          if (waiting.length === 0) break
          current = Buffer.from(waiting.join(''))
          waiting.length = 0
          waitingBytes = 0
        }
        const { bytesWritten } = await handle.write(current)
        current = current.subarray(bytesWritten)
        // A part that found room is not the end of a full disk.
        if (current.length === 0 && waiting.length === 0) failure = null
        onSettled(sink)
      }
    } catch (error) {
      failure = error as Error
      onSettled(sink)
    }
    working = false
    if (ending !== null) await close(ending)
    else if (failure !== null) retry = setTimeout(() => void work(), retryEveryMs)
  }
  const close = async ({ resolve }: PromiseWithResolvers<void>): Promise<void> => {
    await handle.close().catch(() => undefined)
    resolve()
  }
  const sink: LogSink = {
    name,
    heldBytes: () => waitingBytes + current.length,
    failure: () => failure,
    failsForGood: false,
    write(lines) {
      waiting.push(lines)
      waitingBytes += Buffer.byteLength(lines)
      if (!working && retry === null) void work()
    },
    end() {
      if (ending !== null) return ending.promise
      ending = Promise.withResolvers()
      if (retry !== null) clearTimeout(retry)
      if (!working) void work()
      return ending.promise
    },
  }
  return sink
}

const empty = Buffer.alloc(0)
