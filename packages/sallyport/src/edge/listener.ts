/** One address that the edge listens on: accepts connections, gives them to its front, and is carried over a change of configuration. */
import { randomUUIDv7 } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Challenges } from '../certificates/acme/challenges.ts'
import type { CertificateStore } from '../certificates/store.ts'
import { connectionsCheckEveryMs } from './bounds.ts'
import { type Decision, proceed } from './decision.ts'
import { type LogDecision, refusalRecord } from './decision-log.ts'
import { createFront, type Front, type FrontSettings } from './front.ts'
import type { SnapshotHolder } from './holder.ts'
import { type Owed, owedAnswers } from './http1/owed.ts'
import { endsConnection } from './http1/persistence.ts'
import { mayTunnel } from './http1/tunnels.ts'
import { lastAnswers } from './last-answers.ts'
import { openSocket, urlOf } from './listening.ts'
import type { OpenConnections } from './open-connections.ts'
import { accepted, connection } from './pipeline.ts'
import { refuseSocket } from './refuse.ts'
import { addressOf } from './request.ts'
import type { ListenerPlan, Snapshot } from './snapshot.ts'
import type { OnRefusal } from './stage.ts'

/** What all listeners of an edge share. */
export interface Shared {
  readonly holder: SnapshotHolder
  readonly connections: OpenConnections
  readonly log: LogDecision
  readonly challenges: Challenges | null
  readonly onHttp1: (plan: ListenerPlan, owed: Owed, ...asked: Parameters<FrontSettings['onHttp1']>) => void
  readonly onHttp2: (plan: ListenerPlan, ...asked: Parameters<FrontSettings['onHttp2']>) => AbortController
}

/** Of one listener, made and not yet in force: one of the two is called, once. */
export interface Change {
  readonly swap: () => void
  readonly abandon: () => void
}

export interface Listener {
  readonly plan: () => ListenerPlan
  readonly url: () => string
  /** Makes what it would need to go on as `plan`. Throws, with nothing changed, where it cannot. */
  readonly prepare: (plan: ListenerPlan, snapshot: Snapshot) => Change
  /** For the handshakes to come. */
  readonly renew: (certificates: CertificateStore) => void
  /** Each answer is the last of its connection from now on, and its client told so. */
  readonly leave: () => void
  /** Takes no new connection, lets requests in flight finish for so long, then closes the rest. */
  readonly stop: (waitMs: number) => Promise<void>
}

/** Resolves when it accepts connections; rejects with Node's own error (`EADDRINUSE` …) when it cannot. */
export async function openListener(first: ListenerPlan, snapshot: Snapshot, shared: Shared): Promise<Listener> {
  let plan = first
  const owed = owedAnswers()
  const last = lastAnswers()
  const refuse = refusals(() => plan.name, owed, shared.log)
  const frontOf = (next: ListenerPlan, { bounds, certificates }: Snapshot): Front =>
    createFront({
      tls: next.tls,
      bounds,
      certificates,
      challenges: shared.challenges,
      watch(servers) {
        for (const stage of connection) stage(servers, refuse)
      },
      onHttp1(message, response, upgrade) {
        last.begin(response, endsConnection(message))
        shared.onHttp1(plan, owed, message, response, upgrade)
      },
      onHttp2: (...asked) => shared.onHttp2(plan, ...asked),
      // One that was sent ahead of an answer is served as if it had not asked (RFC 9110 §7.8): its connection is not its own yet.
      mayUpgrade: (incoming) => !owed.isOwed(incoming.socket) && mayTunnel(incoming),
    })
  let front = frontOf(plan, snapshot)
  const fronts = new Set([front])
  const sockets = new Set<Socket>()
  const onConnection = (socket: Socket): void => {
    if (!admitted(socket, plan, shared)) return
    sockets.add(socket)
    const mine = front
    socket.once('close', () => sockets.delete(socket))
    mine.take(socket)
  }
  const server = await openSocket(plan.listen, onConnection)
  return {
    plan: () => plan,
    url: () => urlOf(plan.tls ? 'https' : 'http', plan.listen, server),
    prepare(nextPlan, next) {
      const kept = front.like(nextPlan.tls, next.bounds)
      const nextFront = kept ? front : frontOf(nextPlan, next)
      const retire = (one: Front): void => one.retire(() => fronts.delete(one))
      return {
        swap() {
          plan = nextPlan
          for (const one of fronts) one.renew(next.certificates)
          if (kept) return
          fronts.add(nextFront)
          const before = front
          front = nextFront
          retire(before)
        },
        abandon() {
          if (!kept) retire(nextFront)
        },
      }
    },
    renew(certificates) {
      for (const one of fronts) one.renew(certificates)
    },
    leave: last.leave,
    stop(waitMs) {
      last.leave()
      return drain(server, sockets, fronts, waitMs)
    },
  }
}

/** Runs the stages of `accepted`; a refused connection is closed and logged. */
function admitted(socket: Socket, plan: ListenerPlan, { holder, connections, log }: Shared): boolean {
  const peer = addressOf(socket.remoteAddress)
  const arrival = { peer, trusted: plan.trusts(peer), open: peer === null ? 0 : connections.of(peer) }
  for (const stage of accepted) {
    const outcome = stage(arrival, holder.current())
    if (outcome === proceed) continue
    socket.destroy()
    log(refusalRecord(randomUUIDv7(), 'connection', plan.name, peer, outcome))
    return false
  }
  connections.add(peer, socket)
  return true
}

/** What becomes of a connection stage's decisions: each is answered and logged, one a connection. */
function refusals(listener: () => string, owed: Owed, log: LogDecision): OnRefusal {
  const refused = new WeakSet<Duplex>()
  return (decision: Decision, socket, kind) => {
    if (refused.has(socket)) return
    refused.add(socket)
    owed.broken(socket, decision, () => {
      const id = randomUUIDv7()
      const ip = addressOf((socket as Duplex & { remoteAddress?: string }).remoteAddress)
      refuseSocket(decision, id, socket)
      log(refusalRecord(id, kind, listener(), ip, decision))
    })
  }
}

function drain(
  server: Awaited<ReturnType<typeof openSocket>>,
  sockets: ReadonlySet<Socket>,
  fronts: ReadonlySet<Front>,
  waitMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    // Connections become idle one by one; they are swept until none is left.
    const endIdle = (): void => {
      for (const front of fronts) front.endIdle()
    }
    const sweep = setInterval(endIdle, connectionsCheckEveryMs / 10)
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, waitMs)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      for (const front of fronts) front.retire(() => undefined)
      resolve()
    })
    endIdle()
  })
}
