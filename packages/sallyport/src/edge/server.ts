/** The edge: its listeners, the snapshot they all judge by, and the change from one snapshot to the next. */
import type { Challenges } from '../certificates/acme/challenges.ts'
import type { CertificateStore } from '../certificates/store.ts'
import { type LogDecision, requestRecord } from './decision-log.ts'
import { holdSnapshot, type SnapshotHolder } from './holder.ts'
import { Http1Answer } from './http1/answer.ts'
import { leavesUncertainEnd } from './http1/persistence.ts'
import { incomingOf } from './http1/request.ts'
import { type Change, type Listener, openListener, type Shared } from './listener.ts'
import { openConnections } from './open-connections.ts'
import { run, stagesOf } from './pipeline.ts'
import { refuseRequest } from './refuse.ts'
import { beginRequest, type EdgeRequest } from './request.ts'
import type { ListenerPlan, Snapshot } from './snapshot.ts'

export interface EdgeSettings {
  readonly snapshot: Snapshot
  readonly log: LogDecision
  /** What an authority may ask a listener with TLS, over all changes of the snapshot. Null: no ACME. */
  readonly challenges?: Challenges | null
  /** Told of a failure of the edge's own, with the id of the decision that it led to. */
  readonly onFault: (error: unknown, id: string) => void
}

export interface Ready {
  readonly name: string
  /** With the real port. */
  readonly url: string
}

export interface Edge {
  /** In the order of the snapshot. */
  readonly ready: () => readonly Ready[]
  readonly connections: () => number
  /** Other certificates, for the handshakes to come; nothing else changes. */
  readonly renew: (certificates: CertificateStore) => void
  /** Opens what the next snapshot listens on and this one does not. Rejects with a `ListenError`, and nothing changed, where that
   *  fails. One at a time: `swap` or `abandon` before the next. */
  readonly prepare: (next: Snapshot) => Promise<Prepared>
  /** Each answer is the last of its connection from now on, and its client told so; new connections are still taken. */
  readonly leave: () => void
  /** Takes no new connection, lets requests in flight finish (bounded), then closes the rest. Safe to call again. */
  readonly stop: () => Promise<void>
}

export interface Prepared {
  /** From now on the next snapshot is in force. Cannot fail. Resolves when the last request of the one before is done and the
   *  listeners that it had alone are closed. */
  readonly swap: () => Promise<void>
  readonly abandon: () => Promise<void>
}

/** A listener that cannot be opened; `cause` is Node's own error. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly plan: ListenerPlan
  readonly code: string | undefined
  constructor(plan: ListenerPlan, cause: NodeJS.ErrnoException) {
    super(`${plan.name}: ${cause.message}`, { cause })
    this.plan = plan
    this.code = cause.code
  }
}

/** Resolves when all listeners accept connections; rejects with a `ListenError`, and none left open, when one cannot. */
export async function startEdge({ snapshot, log, challenges = null, onFault }: EdgeSettings): Promise<Edge> {
  const holder = holdSnapshot(snapshot)
  const connections = openConnections()
  let stopped: Promise<void> | null = null
  const shared: Shared = {
    holder,
    connections,
    log,
    challenges,
    onHttp1(plan, owed, message, response, upgrade) {
      const request = beginRequest(plan, incomingOf(message), new Http1Answer(message, response), upgrade)
      const { broken } = request
      owed.begin({ message, response, broken, serve: () => void serve({ holder, log, onFault, plan }, request) })
    },
    onHttp2(plan, incoming, outgoing) {
      const request = beginRequest(plan, incoming, outgoing)
      void serve({ holder, log, onFault, plan }, request)
      return request.broken
    },
  }
  let listeners = await openAll(snapshot.listeners, snapshot, shared)
  const drainAll = (some: Iterable<Listener>): Promise<void> => stopAll(some, holder.current().bounds.drainTimeMax)
  return {
    ready: () => [...listeners.values()].map((listener) => ({ name: listener.plan().name, url: listener.url() })),
    connections: connections.total,
    renew(certificates) {
      holder.renew(Object.freeze({ ...holder.current(), certificates }))
      for (const listener of listeners.values()) listener.renew(certificates)
    },
    async prepare(next) {
      const fresh = next.listeners.filter((plan) => !listeners.has(keyOf(plan)))
      const opened = await openAll(fresh, next, shared)
      const changes: Change[] = []
      const abandon = async (): Promise<void> => {
        for (const change of changes) change.abandon()
        await drainAll(opened.values())
      }
      try {
        for (const plan of next.listeners) {
          const listener = listeners.get(keyOf(plan))
          if (listener !== undefined) changes.push(listener.prepare(plan, next))
        }
        return {
          async swap() {
            const before = listeners
            listeners = new Map(next.listeners.map((plan) => [keyOf(plan), either(plan, before, opened)]))
            const idle = holder.swap(next)
            for (const change of changes) change.swap()
            const gone = [...before].filter(([key]) => !listeners.has(key)).map(([, listener]) => listener)
            await Promise.all([idle, drainAll(gone)])
          },
          abandon,
        }
      } catch (error) {
        await abandon()
        throw error
      }
    },
    leave() {
      for (const listener of listeners.values()) listener.leave()
    },
    stop() {
      stopped ??= drainAll(listeners.values())
      return stopped
    },
  }
}

type Listeners = ReadonlyMap<string, Listener>

function either(plan: ListenerPlan, ...maps: Listeners[]): Listener {
  const found = maps.map((map) => map.get(keyOf(plan))).find((listener) => listener !== undefined)
  if (found === undefined) throw new Error(`${plan.name} was not opened`)
  return found
}

/** What makes a listener the same before and after a change: where it listens; with any port, its name. */
function keyOf({ name, listen }: ListenerPlan): string {
  if (listen.kind === 'unix') return `unix:${listen.path}`
  return listen.port === 0 ? `${listen.host}:0 ${name}` : `${listen.host}:${listen.port}`
}

async function openAll(plans: readonly ListenerPlan[], snapshot: Snapshot, shared: Shared): Promise<Listeners> {
  const opened = new Map<string, Listener>()
  for (const plan of plans) {
    try {
      opened.set(keyOf(plan), await openListener(plan, snapshot, shared))
    } catch (error) {
      await stopAll(opened.values(), 0)
      throw new ListenError(plan, error as NodeJS.ErrnoException)
    }
  }
  return opened
}

async function stopAll(listeners: Iterable<Listener>, waitMs: number): Promise<void> {
  await Promise.all([...listeners].map((listener) => listener.stop(waitMs)))
}

interface Serving {
  readonly holder: SnapshotHolder
  readonly log: LogDecision
  readonly onFault: EdgeSettings['onFault']
  readonly plan: ListenerPlan
}

/** One request, from the parsed head to the line in the log. */
async function serve({ holder, log, onFault, plan }: Serving, request: EdgeRequest): Promise<void> {
  const lease = holder.take()
  const decision = await run(request, lease.snapshot, (error) => onFault(error, request.id), stagesOf(plan))
  lease.giveBack()
  if (decision.reason !== null) {
    refuseRequest(decision, request.id, request.outgoing, leavesUncertainEnd(request, decision))
  }
  // Phase 5 of the rules runs whatever was decided, and decides nothing.
  log(requestRecord(request, decision, request.judgement?.finish() ?? null))
}
