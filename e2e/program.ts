/** Starts a process of ours from outside, reads its lines, ends it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const checkout: string = join(import.meta.dirname, '..')
export const bin: string = join(checkout, 'packages/sallyport/bin/sallyport.js')

export interface Program extends AsyncDisposable {
  readonly process: ChildProcess
  readonly out: readonly string[]
  readonly err: readonly string[]
  /** The first line, past or future, of either stream that matches; rejects with all lines if the process ends without one. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>
  /** The exit code, once it has ended and all its lines are here. */
  readonly exit: Promise<number | null>
}

/** Runs `node ARGUMENTS` with the Node of the tests, or another. Disposing kills what still runs. */
export function start(args: readonly string[], node: string = process.execPath): Program {
  const child = spawn(node, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const out: string[] = []
  const err: string[] = []
  const waiting = new Set<() => void>()
  let ended = false
  const wake = (): void => {
    for (const one of waiting) one()
  }
  for (const [stream, lines] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      wake()
    })
  }
  const exit = once(child, 'close').then(([code]) => {
    ended = true
    wake()
    return code as number | null
  })
  return {
    process: child,
    out,
    err,
    exit,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = [...err, ...out].map((line) => pattern.exec(line)).find((found) => found !== null)
          if (match) resolve(match)
          else if (ended) reject(new Error(`no line ${pattern} in:\n${[...err, ...out].join('\n')}`))
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      // Its whole group: what it started holds the other ends of our pipes.
      if (!ended && child.pid !== undefined) endGroup(child.pid)
      await exit
    },
  }
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    // It has ended by itself in this very moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A folder that is gone when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
