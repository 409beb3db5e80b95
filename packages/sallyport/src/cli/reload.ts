/** SIGHUP: a new configuration in place of the old, or, whatever is wrong with it, the old one and a line that says why. */

import type { AdminListener } from '../admin/listener.ts'
import type { Challenges } from '../certificates/acme/challenges.ts'
import type { Loaded } from '../config/load.ts'
import type { DecisionOutput } from '../edge/decision-output.ts'
import { type Edge, ListenError } from '../edge/server.ts'
import type { UpstreamPools } from '../edge/upstream-pools.ts'
import { warm } from '../waf/warm.ts'
import { type Compiled, compileSnapshot } from './compile-snapshot.ts'
import type { EdgeSource } from './edge-source.ts'
import { Failure } from './failure.ts'
import { listenFailure } from './listen-failure.ts'
import type { Obtaining } from './obtain-certificates.ts'

/** An edge at work, with all that a change of configuration touches. */
export interface Running {
  readonly source: EdgeSource
  readonly pools: UpstreamPools
  readonly edge: Edge
  readonly output: DecisionOutput
  readonly admin: AdminListener
  readonly challenges: Challenges
  readonly obtaining: Obtaining
  /** Whether it was told to stop: then nothing is opened any more. */
  readonly stopping: () => boolean
  /** What is in force; `reload` alone changes it. */
  active: Compiled
}

/** Each step throws a `Failure` before the swap, with nothing changed; behind the swap nothing can fail. One at a time. */
export async function reload(running: Running): Promise<Reloaded> {
  const next = await compile(running)
  const swap = await check(running, next)
  const unused = swap()
  const retired = retire(running, next, unused)
  await running.obtaining.follow(next.loaded, true)
  return { retired }
}

export interface Reloaded {
  /** Resolves when what was in force before is gone: its last request done, its connections closed. */
  readonly retired: Promise<void>
}

interface Next {
  readonly loaded: Loaded
  readonly compiled: Compiled
}

/** Reads the files and compiles the rules that are not compiled yet. */
async function compile({ source, active, ...parts }: Running): Promise<Next> {
  const loaded = await source.load()
  if (loaded.config.data !== active.config.data) {
    const message = 'the data directory cannot change while the edge runs: start the edge anew'
    throw source.failure(2, { path: ['data'], message }, loaded.fault)
  }
  return { loaded, compiled: await compileSnapshot(loaded, parts, active.ruleSets) }
}

/** Warms new rules up, and opens all that is opened anew: listeners, the admin listener, the log. */
async function check(running: Running, { loaded, compiled }: Next): Promise<() => Promise<void>> {
  const { source, edge, admin, output, active } = running
  const { config } = compiled
  const opened: { abandon: () => unknown }[] = []
  try {
    await warm(compiled.ruleSets.filter((one) => !active.ruleSets.includes(one)))
    goOn(running)
    const log = await opening(['log', 'decisions'], output.prepare(config.log))
    const status = await opening(['admin', 'listen'], admin.prepare(config.admin.listen))
    const listeners = await edge.prepare(compiled.snapshot).catch((error: unknown) => {
      throw error instanceof ListenError ? listenFailure(error, config, source, loaded.fault) : error
    })
    opened.push(listeners)
    goOn(running)
    return () => {
      log.swap()
      status.swap()
      return listeners.swap()
    }
  } catch (error) {
    for (const one of opened) await one.abandon()
    await compiled.release()
    throw error
  }

  async function opening<T extends { abandon: () => unknown }>(path: string[], prepared: Promise<T>): Promise<T> {
    try {
      const one = await prepared
      opened.push(one)
      return one
    } catch (error) {
      throw source.failure(1, { path, message: `cannot be opened: ${(error as Error).message}` }, loaded.fault)
    }
  }
}

/** Throws where there is no more use in it. */
function goOn({ stopping }: Running): void {
  if (stopping()) throw new Failure(1, 'the edge was told to stop')
}

/** Ends what only the old configuration used, once it is done. */
function retire(running: Running, { compiled }: Next, unused: Promise<void>): Promise<void> {
  const before = running.active
  running.active = compiled
  return unused.then(() => before.release())
}

/** The line that tells the operator, in the log of the service, how a reload went wrong. */
export function reloadComplaint(error: unknown): string {
  const said = error instanceof Failure ? error.message : error instanceof Error ? String(error.stack) : String(error)
  return `${said}\nreload refused: the configuration before it stays in force`
}
