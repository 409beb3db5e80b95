/** The edge as a process: says when it is ready, and lets signals change or stop it. Decisions go to standard output or their file, all else to
 *  standard error. */
import type { EdgeSource } from './edge-source.ts'
import { reload, reloadComplaint } from './reload.ts'
import { standardOutput } from './standard-output.ts'
import { type Started, startFrom } from './start-edge.ts'
import { upstreamWarnings } from './upstream-warnings.ts'

/** Resolves when all accept, said on standard error. Throws a `Failure` where it cannot start. */
export async function runEdge(source: EdgeSource): Promise<void> {
  // Whoever read it may go; the edge goes on without.
  process.stderr.on('error', () => undefined)
  // Signals do not wait for the start: what nobody handles ends the process.
  const signals = followSignals()
  const started = await startFrom(source, standardOutput, say)
  const { development } = started.running.active
  if (development !== null) say(`development certificate ${development.certFile}`)
  sayReady(started)
  signals.begin(started)
  for (const warning of await upstreamWarnings(started.running.active.config)) say(`warning: ${warning}`)
}

function sayReady({ running }: Started): void {
  const url = running.admin.url()
  if (url !== null) say(`admin ${url}`)
  for (const { name, url } of running.edge.ready()) say(`ready ${name} ${url}`)
}

/** Until `begin`, a signal to stop ends the process, and one to reload is kept. */
function followSignals(): { readonly begin: (started: Started) => void } {
  let running: Started | null = null
  let asked = false
  let busy = false
  /** One change at a time; signals that come meanwhile are one more, afterwards. */
  const reloadAsked = async (): Promise<void> => {
    if (running === null || busy) return
    busy = true
    while (asked && !running.stopping()) {
      asked = false
      await change(running)
    }
    busy = false
  }
  /** Once, gracefully; a second Ctrl-C does not hurry it, since a terminal and a parent may both send the first. */
  let told = false
  const stopOnce = (notice?: 'notice'): void => {
    if (running === null) process.exit()
    if (told) return
    told = true
    void running.stop(notice).then(endUnread)
  }
  process.on('SIGHUP', () => {
    asked = true
    void reloadAsked()
  })
  process.on('SIGTERM', () => stopOnce('notice'))
  // Ctrl-C: a person waits, and no balancer.
  process.on('SIGINT', () => stopOnce())
  return {
    begin(started) {
      running = started
      void reloadAsked()
    },
  }
}

async function change(started: Started): Promise<void> {
  try {
    await reload(started.running)
    started.metrics.reloaded('done')
    say('reloaded')
    sayReady(started)
  } catch (error) {
    // Given up for the stop: nothing is in force any more.
    if (started.stopping()) return
    started.metrics.reloaded('refused')
    say(reloadComplaint(error))
  }
}

/** What nobody reads would keep the process for ever. */
function endUnread(): void {
  if (process.stdout.writableLength > 0) process.exit()
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
