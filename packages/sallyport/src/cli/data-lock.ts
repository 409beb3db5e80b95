/** One edge a data directory. Node hands out no lock of the kernel's; its SQLite takes one on a file (fcntl(2)), which the kernel lets go of however the
 *  process ends. A file or socket with a process id in it was tried: of twenty edges that find one left behind, three got it. Nothing is stored. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from './failure.ts'

const lockName = 'edge.lock'
const ownerOnly = 0o700
/** `SQLITE_BUSY`: somebody has it. */
const busy = 5

export interface DataLock {
  readonly release: () => void
}

/** Makes the directory where it is missing. Throws a `Failure`: exit code 1 where another edge has it, 2 where it cannot be used. */
export async function lockData(directory: string): Promise<DataLock> {
  try {
    await mkdir(directory, { recursive: true, mode: ownerOnly })
    const file = new DatabaseSync(join(directory, lockName))
    file.exec('BEGIN EXCLUSIVE')
    return { release: () => file.close() }
  } catch (error) {
    const { errcode, message } = error as Error & { errcode?: number }
    if (errcode === busy) {
      throw new Failure(1, `another edge has the data directory ${directory}: stop it, or name another data directory`)
    }
    throw new Failure(2, `cannot keep anything in ${directory}: ${message}; name another data directory`)
  }
}
