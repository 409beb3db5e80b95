/** Standard output as the decision log has it: a pipe or a terminal is read by somebody, a file is a disk that may be full and have room again. */
import { fstatSync, write } from 'node:fs'
import { promisify } from 'node:util'
import type { StandardSink } from '../edge/decision-output.ts'
import { fileSink, streamSink } from '../edge/log-sink.ts'

const name = 'standard output'
const descriptor = 1
const writeTo = promisify(write)

export const standardOutput: StandardSink = (onSettled) => {
  if (!fstatSync(descriptor).isFile()) return streamSink(process.stdout, name, onSettled)
  // Node writes to such a one itself, waits for the disk, and gives up at its first failure.
  const file = {
    write: (bytes: Buffer) => writeTo(descriptor, bytes),
    close: () => Promise.resolve(),
  }
  return fileSink(file, name, onSettled)
}
