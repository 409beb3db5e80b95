/** Starts the edge from a configuration, with all that stands beside it: data directory, log, admin listener, metrics. */
import { setTimeout as pause } from 'node:timers/promises'
import { type AdminListener, adminListener } from '../admin/listener.ts'
import { createMetrics, type Metrics } from '../admin/metrics.ts'
import { type Challenges, pendingChallenges } from '../certificates/acme/challenges.ts'
import type { Loaded } from '../config/load.ts'
import type { LogDecision } from '../edge/decision-log.ts'
import { type DecisionOutput, decisionOutput, type StandardSink } from '../edge/decision-output.ts'
import { type Edge, ListenError, startEdge } from '../edge/server.ts'
import { upstreamPools } from '../edge/upstream-pools.ts'
import { warm } from '../waf/warm.ts'
import { type Compiled, compileSnapshot } from './compile-snapshot.ts'
import { lockData } from './data-lock.ts'
import type { EdgeSource } from './edge-source.ts'
import { listenFailure } from './listen-failure.ts'
import { obtainCertificates } from './obtain-certificates.ts'
import type { Running } from './reload.ts'

export interface Started {
  readonly running: Running
  readonly metrics: Metrics
  readonly stopping: () => boolean
  /** Lets balancers notice, where `notice` says so and they can; then lets requests in flight finish (bounded), and closes everything. Safe to
   *  call again. */
  readonly stop: (notice?: 'notice') => Promise<void>
}

/** Resolves when all listeners accept. Throws a `Failure`, and leaves nothing open, where one cannot. `standard`: where decisions go without a file;
 *  `say`: words for the operator, a line each. */
export async function startFrom(
  source: EdgeSource,
  standard: StandardSink,
  say: (line: string) => void,
): Promise<Started> {
  const loaded = await source.load()
  const lock = await lockData(loaded.config.data)
  let edge: Edge | null = null
  let stopping = false
  const metrics = createMetrics(() => edge?.connections() ?? 0)
  const output = decisionOutput(standard, {
    onDropped: metrics.dropped,
    onRefused: metrics.refusedForLog,
    say,
  })
  const admin = adminListener({ ready: () => edge !== null && !stopping, metrics })
  const pools = upstreamPools()
  const challenges = pendingChallenges()
  const parts = { pools, challenges, output }
  let compiled: Compiled | null = null
  try {
    compiled = await compileSnapshot(loaded, parts)
    await warm(compiled.snapshot.ruleSets)
    await open(source, loaded, output, admin)
    edge = await listen(source, loaded, compiled, challenges, say, (record) => {
      metrics.record(record)
      output.log(record)
    })
  } catch (error) {
    admin.stop()
    await output.close()
    await compiled?.release()
    lock.release()
    throw error
  }
  let stopped: Promise<void> | null = null
  const stop = async (notice?: 'notice'): Promise<void> => {
    stopping = true
    running.edge.leave()
    const { admin: probed, bounds } = running.active.config
    if (notice !== undefined && probed.listen !== null) await pause(bounds.drainNotice)
    await running.obtaining.stop()
    await running.edge.stop()
    await running.active.release()
    admin.stop()
    await output.close()
    lock.release()
  }
  const obtaining = obtainCertificates(edge, challenges, say)
  const running: Running = {
    ...parts,
    source,
    edge,
    admin,
    obtaining,
    stopping: () => stopping,
    active: compiled,
  }
  // Behind the listeners: an authority may come at once.
  await obtaining.follow(loaded, false)
  return {
    running,
    metrics,
    stopping: () => stopping,
    stop(notice) {
      stopped ??= stop(notice)
      return stopped
    },
  }
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
  const log = await output.prepare(config.log).catch(failed(['log', 'decisions']))
  log.swap()
  const status = await admin.prepare(config.admin.listen).catch(failed(['admin', 'listen']))
  status.swap()
}

async function listen(
  source: EdgeSource,
  { config, fault }: Loaded,
  { snapshot }: Compiled,
  challenges: Challenges,
  say: (line: string) => void,
  log: LogDecision,
): Promise<Edge> {
  const onFault = (error: unknown, id: string): void =>
    say(`fault in ${id}: ${error instanceof Error ? error.stack : String(error)}`)
  try {
    return await startEdge({ snapshot, log, challenges, onFault })
  } catch (error) {
    throw error instanceof ListenError ? listenFailure(error, config, source, fault) : error
  }
}
