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
  /** Waits until so many lines on standard error match. */
  readonly times: (pattern: RegExp, count: number) => Promise<unknown>
  /** Waits until so many lines stand on standard output. */
  readonly lines: (count: number) => Promise<unknown>
  /** The exit code, once it has ended and all its lines are here. */
  readonly exit: Promise<number | null>
}

/** Runs `node ARGUMENTS` with the Node of the tests, or another program. Disposing kills what still runs. */
export function start(
  args: readonly string[],
  program: string = process.execPath,
  env: NodeJS.ProcessEnv = process.env,
): Program {
  const child = spawn(program, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'], detached: true, env })
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
  /** Resolves with the first thing that `look` sees, now or after some line to come. */
  const wait = <T>(look: () => T | null | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const again = (): void => {
        const seen = look()
        if (seen !== null && seen !== undefined) resolve(seen)
        else if (ended) reject(new Error(`never seen in:\n${[...err, ...out].join('\n')}`))
        else return
        waiting.delete(again)
      }
      waiting.add(again)
      again()
    })
  return {
    process: child,
    out,
    err,
    exit,
    line: (pattern) => wait(() => [...err, ...out].map((line) => pattern.exec(line)).find((found) => found !== null)),
    times: (pattern, count) => wait(() => (err.filter((line) => pattern.test(line)).length >= count ? true : null)),
    lines: (count) => wait(() => (out.length >= count ? true : null)),
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
