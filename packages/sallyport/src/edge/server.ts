/** One listener: accepts connections, sends each request through the pipeline, answers refusals, logs every decision. */

import { randomUUIDv7 } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  connectionsCheckEveryMs,
  drainTimeMaxMs,
  handshakeTimeMaxMs,
  headerTimeMaxMs,
  idleTimeMaxMs,
  requestTimeMaxMs,
} from './bounds.ts'
import { type LogDecision, refusalRecord, requestRecord } from './decision-log.ts'
import { type Owed, owedAnswers } from './owed.ts'
import { parsedFieldsMax, parserOptions } from './parser-options.ts'
import { connection, run } from './pipeline.ts'
import { refuseRequest, refuseSocket } from './refuse.ts'
import { addressOf, beginRequest, type EdgeRequest } from './request.ts'
import type { Snapshot } from './snapshot.ts'
import { tlsOptions } from './tls-profile.ts'

export interface Listener {
  readonly name: string
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Null: plain HTTP. */
  readonly certificate: Certificate | null
}

/** PEM, chain and private key. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** How long a client may take, in milliseconds; what is not given is as bounds.ts has it. */
export interface ListenerTimes {
  readonly headerMs?: number
  readonly handshakeMs?: number
  /** Between two requests on a kept connection. */
  readonly idleMs?: number
  /** For requests in flight when the edge is told to stop. */
  readonly drainMs?: number
}

export interface EdgeSettings {
  readonly listener: Listener
  readonly times?: ListenerTimes
  readonly snapshot: Snapshot
  readonly log: LogDecision
  /** Told of a failure of the edge's own, with the id of the decision that it led to. */
  readonly onFault: (error: unknown, id: string) => void
}

export interface Edge {
  /** Where it listens, with the real port. */
  readonly url: string
  /** Takes no new connection, lets requests in flight finish (bounded), then closes the rest. Safe to call again. */
  readonly stop: () => Promise<void>
}

/** Resolves when the listener accepts connections; rejects with Node's own error (`EADDRINUSE` …) when it cannot. */
export async function startEdge(settings: EdgeSettings): Promise<Edge> {
  const { listener, times = {} } = settings
  const server = createListener(listener, times)
  const owed = owedAnswers()
  const judge = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    void serve(settings, owed, beginRequest(listener.name, incoming, outgoing))
  }
  server.on('request', judge)
  server.on('checkContinue', judge)
  server.on('checkExpectation', judge)
  watchConnections(server, settings, owed)
  await listen(server, listener)
  let stopped: Promise<void> | null = null
  return {
    url: urlOf(listener, server.address() as AddressInfo),
    stop: () => {
      stopped ??= drain(server, times.drainMs ?? drainTimeMaxMs)
      return stopped
    },
  }
}

/** One request, from the parsed head to the line in the log. */
async function serve(settings: EdgeSettings, owed: Owed, request: EdgeRequest): Promise<void> {
  const { id, incoming, outgoing } = request
  owed.begin(request)
  // Bytes of a body that nobody wanted are read and thrown away: left on the connection they would become the next request (CVE-2025-4366).
  outgoing.once('finish', () => incoming.resume())
  // Node reads no further on a connection that was asked to be upgraded: its next request would wait for ever.
  if (incoming.headers.upgrade !== undefined) outgoing.shouldKeepAlive = false
  const decision = await run(request, settings.snapshot, (error) => settings.onFault(error, id))
  if (decision.reason !== null) refuseRequest(decision, id, outgoing, request.broken.signal.aborted)
  // Phase 5 of the rules runs whatever was decided, and decides nothing.
  settings.log(requestRecord(request, decision, request.judgement?.finish() ?? null))
}

/** Runs the connection stages: each decides on failures of its kind; here they are answered and logged, one a connection. */
function watchConnections(server: Server, { listener, log }: EdgeSettings, owed: Owed): void {
  const refused = new WeakSet<Duplex>()
  for (const stage of connection) {
    stage(server, (decision, socket, kind) => {
      if (refused.has(socket)) return
      refused.add(socket)
      owed.broken(socket, decision, () => {
        const id = randomUUIDv7()
        const ip = addressOf((socket as Duplex & { remoteAddress?: string }).remoteAddress)
        refuseSocket(decision, id, socket)
        log(refusalRecord(id, kind, listener.name, ip, decision))
      })
    })
  }
}

function createListener(listener: Listener, times: ListenerTimes): Server {
  const options: ServerOptions = {
    ...parserOptions,
    headersTimeout: times.headerMs ?? headerTimeMaxMs,
    requestTimeout: requestTimeMaxMs,
    keepAliveTimeout: times.idleMs ?? idleTimeMaxMs,
    connectionsCheckingInterval: connectionsCheckEveryMs,
  }
  const server =
    listener.certificate === null
      ? createServer(options)
      : createTlsServer({
          ...options,
          ...tlsOptions,
          ...listener.certificate,
          handshakeTimeout: times.handshakeMs ?? handshakeTimeMaxMs,
        })
  server.maxHeadersCount = parsedFieldsMax
  return server
}

function listen(server: Server, { host, port }: Listener): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function drain(server: Server, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    // `close` ends idle connections once; those that become idle later are swept until none is left.
    const sweep = setInterval(() => server.closeIdleConnections(), connectionsCheckEveryMs / 10)
    const cut = setTimeout(() => server.closeAllConnections(), waitMs)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      resolve()
    })
  })
}

function urlOf({ host, certificate }: Listener, { port }: AddressInfo): string {
  const name = host.includes(':') ? `[${host}]` : host
  return `${certificate === null ? 'http' : 'https'}://${name}:${port}`
}
