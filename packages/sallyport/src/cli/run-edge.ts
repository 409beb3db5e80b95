/** The edge as a process: says when it is ready, and lets signals change or stop it. Decisions go to standard output or their file, all else to
 *  standard error. */
import type { EdgeSource } from './edge-source.ts'
import { reload, reloadComplaint } from './reload.ts'
import { standardOutput } from './standard-output.ts'
import { type Started, startFrom } from './start-edge.ts'
import { upstreamWarnings } from './upstream-warnings.ts'

/** Resolves when all accept, said on standard error. Throws a `Failure` where it cannot start. */
export async function runEdge(source: EdgeSource): Promise<void> {
  const started = await startFrom(source, standardOutput, say)
  reloadOnSignal(started)
  stopOnSignal(started)
  const { development } = started.running.active
  if (development !== null) say(`development certificate ${development.certFile}`)
  sayReady(started)
  for (const warning of await upstreamWarnings(started.running.active.config)) say(`warning: ${warning}`)
}

function sayReady({ running }: Started): void {
  const url = running.admin.url()
  if (url !== null) say(`admin ${url}`)
  for (const { name, url } of running.edge.ready()) say(`ready ${name} ${url}`)
}

/** One change at a time; signals that come meanwhile are one more, afterwards. */
function reloadOnSignal(started: Started): void {
  let asked = 0
  const work = async (): Promise<void> => {
    while (asked > 0) {
      asked = 1
      await change(started)
      asked--
    }
  }
  process.on('SIGHUP', () => {
    if (started.stopping()) return
    asked++
    if (asked === 1) void work()
  })
}

async function change(started: Started): Promise<void> {
  try {
    await reload(started.running)
    started.metrics.reloaded('done')
    say('reloaded')
    sayReady(started)
  } catch (error) {
    started.metrics.reloaded('refused')
    say(reloadComplaint(error))
  }
}

/** Stops once, gracefully; a second Ctrl-C does not hurry it, since a terminal and a parent may both send the first. */
function stopOnSignal({ stop }: Started): void {
  let told = false
  const stopOnce = (notice?: 'notice'): void => {
    if (told) return
    told = true
    void stop(notice).then(endUnread)
  }
  process.on('SIGTERM', () => stopOnce('notice'))
  // Ctrl-C: a person waits, and no balancer.
  process.on('SIGINT', () => stopOnce())
}

/** What nobody reads would keep the process for ever. */
function endUnread(): void {
  if (process.stdout.writableLength > 0) process.exit()
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
