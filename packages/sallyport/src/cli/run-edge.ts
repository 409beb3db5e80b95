/** Starts the edge from a configuration, and lets signals change or stop it. Decisions go to standard output or their file, all else to standard error. */
import { type AdminListener, adminListener } from '../admin/listener.ts'
import { createMetrics } from '../admin/metrics.ts'
import type { Loaded } from '../config/load.ts'
import { type DecisionOutput, decisionOutput } from '../edge/decision-output.ts'
import { type Edge, ListenError, startEdge } from '../edge/server.ts'
import { upstreamPools } from '../edge/upstream-pools.ts'
import { type Compiled, compileSnapshot } from './compile-snapshot.ts'
import { lockData } from './data-lock.ts'
import type { EdgeSource } from './edge-source.ts'
import { listenFailure } from './listen-failure.ts'
import { type Running, reload, reloadComplaint } from './reload.ts'

/** Lost lines are said at most so often: whoever reads them has the same disk. */
const sayDroppedEveryMs = 10_000

/** Resolves when all accept, said on standard error. Throws a `Failure`, and nothing left open, where it cannot start. */
export async function runEdge(source: EdgeSource): Promise<void> {
  const loaded = await source.load()
  const lock = await lockData(loaded.config.data)
  // Before anything that may fail: a lock left behind is recovered, but costs the next start a look.
  process.once('exit', lock.release)
  const pools = upstreamPools()
  const compiled = await compileSnapshot(loaded, pools)
  let edge: Edge | null = null
  let stopping = false
  const metrics = createMetrics(() => edge?.connections() ?? 0)
  const output = decisionOutput(process.stdout, {
    onDropped: countDropped(metrics.dropped),
    onError: (error, where) => say(`decision log: ${where} is closed (${error.message})`),
  })
  const admin = adminListener({ ready: () => edge !== null && !stopping, metrics })
  try {
    await open(source, loaded, output, admin)
    edge = await listen(source, loaded, compiled, {
      log(record) {
        metrics.record(record)
        output.log(record)
      },
    })
  } catch (error) {
    admin.stop()
    await output.close()
    await compiled.release()
    lock.release()
    process.off('exit', lock.release)
    throw error
  }
  const running: Running = { source, pools, edge, output, admin, active: compiled }
  reloadOnSignal(running, () => stopping, metrics.reloaded)
  stopOnSignal(async () => {
    stopping = true
    await running.edge.stop()
    await running.active.release()
    admin.stop()
    await output.close()
  })
  if (compiled.development !== null) say(`development certificate ${compiled.development.certFile}`)
  const url = admin.url()
  if (url !== null) say(`admin ${url}`)
  for (const { name, url } of edge.ready()) say(`ready ${name} ${url}`)
}

/** The log's file and the admin listener. */
async function open(
  source: EdgeSource,
  { config, fault }: Loaded,
  output: DecisionOutput,
  admin: AdminListener,
): Promise<void> {
  const failed = (path: string[]) => (error: Error) => {
    throw source.failure(1, { path, message: `cannot be opened: ${error.message}` }, fault)
  }
  const log = await output.prepare(config.log.decisions).catch(failed(['log', 'decisions']))
  log.swap()
  const status = await admin.prepare(config.admin.listen).catch(failed(['admin', 'listen']))
  status.swap()
}

async function listen(
  source: EdgeSource,
  { config, fault }: Loaded,
  { snapshot }: Compiled,
  { log }: Pick<DecisionOutput, 'log'>,
): Promise<Edge> {
  const onFault = (error: unknown, id: string): void =>
    say(`fault in ${id}: ${error instanceof Error ? error.stack : String(error)}`)
  try {
    return await startEdge({ snapshot, log, onFault })
  } catch (error) {
    throw error instanceof ListenError ? listenFailure(error, config, source, fault) : error
  }
}

/** One change at a time; signals that come meanwhile are one more, afterwards. */
function reloadOnSignal(
  running: Running,
  stopping: () => boolean,
  onOutcome: (outcome: 'done' | 'refused') => void,
): void {
  let asked = 0
  const work = async (): Promise<void> => {
    while (asked > 0) {
      asked = 1
      try {
        await reload(running)
        onOutcome('done')
        say('reloaded')
        for (const { name, url } of running.edge.ready()) say(`ready ${name} ${url}`)
      } catch (error) {
        onOutcome('refused')
        say(reloadComplaint(error))
      }
      asked--
    }
  }
  process.on('SIGHUP', () => {
    if (stopping()) return
    asked++
    if (asked === 1) void work()
  })
}

/** Stops once, gracefully; a second Ctrl-C does not hurry it, since a terminal and a parent may both send the first. */
function stopOnSignal(stop: () => Promise<void>): void {
  let told = false
  const onSignal = (): void => {
    if (told) return
    told = true
    void stop()
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

function countDropped(count: (lines: number) => void): (lines: number) => void {
  let unsaid = 0
  let saidAt = Number.NEGATIVE_INFINITY
  return (lines) => {
    count(lines)
    unsaid += lines
    const now = performance.now()
    if (now - saidAt < sayDroppedEveryMs) return
    say(`decision log: its reader is slow, ${unsaid} lines were dropped`)
    saidAt = now
    unsaid = 0
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
