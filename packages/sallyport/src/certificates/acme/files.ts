/** Files that must be whole after any crash: written beside, synced, renamed, and the folder synced too. Only the owner reads them. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

const fileMode = 0o600
const folderMode = 0o700

export async function replaceFile(file: string, text: string): Promise<void> {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true, mode: folderMode })
  const next = `${file}.${randomBytes(4).toString('hex')}.next`
  try {
    const handle = await open(next, 'wx', fileMode)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(next, file)
  } catch (error) {
    await rm(next, { force: true })
    throw error
  }
  // Without this the new name itself may be lost with the power (fsync(2), notes).
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
}

/** Null where there is no such file. */
export async function readFileOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
