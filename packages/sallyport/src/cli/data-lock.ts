/** One edge a data directory. The lock is a Unix socket that its holder listens on: the kernel lets go of it whatever ends the process, and a socket
 *  file that nobody answers at is a lock left behind. */
import { randomUUID } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { link, mkdir, rename, unlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { answers } from '../edge/listening.ts'
import { Failure } from './failure.ts'

const lockName = 'edge.lock'
const ownerOnly = 0o700
/** Each try takes away one lock left behind; more are found only where many edges start at once. */
const triesMax = 10

export interface DataLock {
  readonly release: () => void
}

/** Makes the directory where it is missing. Throws a `Failure`: exit code 1 where another edge has it, 2 where it cannot be used. */
export async function lockData(directory: string): Promise<DataLock> {
  try {
    await mkdir(directory, { recursive: true, mode: ownerOnly })
    return await lock(directory)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(
      2,
      `cannot keep anything in ${directory}: ${(error as Error).message}; name another data directory`,
    )
  }
}

async function lock(directory: string): Promise<DataLock> {
  const path = join(directory, lockName)
  const own = join(directory, `${randomUUID().slice(0, 8)}.lock`)
  const server = await listenAt(own)
  try {
    for (let tries = 0; tries < triesMax; tries++) {
      if (await claimed(own, path)) return { release: () => release(path, server) }
      if (await answers(path)) break
      await takeAway(path, own)
    }
  } finally {
    await unlink(own).catch(() => undefined)
  }
  server.close()
  throw new Failure(1, `another edge has the data directory ${directory}: stop it, or name another data directory`)
}

/** A hard link is made by one process alone, however many try. */
async function claimed(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Takes away a lock that nobody answers at; if somebody took the name in this very moment, it is put back. */
async function takeAway(path: string, own: string): Promise<void> {
  const aside = `${own}.aside`
  try {
    await rename(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (await answers(aside)) await link(aside, path).catch(() => undefined)
  await unlink(aside)
}

function listenAt(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', reject)
    server.listen(path, () => resolve(server.unref()))
  })
}

function release(path: string, server: Server): void {
  unlinkSync(path)
  server.close()
}
