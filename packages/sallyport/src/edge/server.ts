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
  headerBytesMax,
  headerFieldsMax,
  headerTimeMaxMs,
  idleTimeMaxMs,
  requestTimeMaxMs,
} from './bounds.ts'
import { type LogDecision, refusalRecord, requestRecord } from './decision-log.ts'
import { connection, run } from './pipeline.ts'
import { refuseRequest, refuseSocket } from './refuse.ts'
import { addressOf, beginRequest } from './request.ts'
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

export interface EdgeSettings {
  readonly listener: Listener
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
  const { listener } = settings
  const server = createListener(listener)
  /** How many answers each connection still owes: a client may send its next request before the last is answered. */
  const answering = new Map<Duplex, number>()
  const judge = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { socket } = incoming
    answering.set(socket, (answering.get(socket) ?? 0) + 1)
    outgoing.once('close', () => {
      const left = (answering.get(socket) ?? 1) - 1
      if (left === 0) answering.delete(socket)
      else answering.set(socket, left)
    })
    void serve(settings, incoming, outgoing)
  }
  server.on('request', judge)
  server.on('checkContinue', judge)
  server.on('checkExpectation', judge)
  watchConnections(server, settings, answering)
  await listen(server, listener)
  let stopped: Promise<void> | null = null
  return {
    url: urlOf(listener, server.address() as AddressInfo),
    stop: () => {
      stopped ??= drain(server)
      return stopped
    },
  }
}

/** One request, from the parsed head to the line in the log. */
async function serve(settings: EdgeSettings, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = beginRequest(settings.listener.name, incoming, outgoing)
  // Bytes of a body that nobody wanted are read and thrown away: left on the connection they would become the next request (CVE-2025-4366).
  outgoing.once('finish', () => incoming.resume())
  const decision = await run(request, settings.snapshot, (error) => settings.onFault(error, request.id))
  if (decision.reason !== null) refuseRequest(decision, request.id, outgoing, incoming.headers.expect !== undefined)
  settings.log(requestRecord(request, decision))
}

/** Runs the connection stages: each decides on failures of its kind; here they are answered and logged. */
function watchConnections(server: Server, settings: EdgeSettings, answering: ReadonlyMap<Duplex, number>): void {
  const refused = new WeakSet<Duplex>()
  for (const stage of connection) {
    stage(server, (decision, socket, kind) => {
      if (refused.has(socket)) return
      refused.add(socket)
      const id = randomUUIDv7()
      // A refusal must not land in the middle of the answer to an earlier request on this connection.
      if (answering.has(socket)) socket.destroy()
      else refuseSocket(decision, id, socket)
      const ip = addressOf((socket as { remoteAddress?: string }).remoteAddress)
      settings.log(refusalRecord(id, kind, settings.listener.name, ip, decision))
    })
  }
}

function createListener(listener: Listener): Server {
  const options: ServerOptions = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: headerTimeMaxMs,
    requestTimeout: requestTimeMaxMs,
    keepAliveTimeout: idleTimeMaxMs,
    connectionsCheckingInterval: connectionsCheckEveryMs,
    // The `http` stage refuses a request without Host, with a decision; Node would answer by itself.
    requireHostHeader: false,
    insecureHTTPParser: false,
  }
  const server =
    listener.certificate === null
      ? createServer(options)
      : createTlsServer({ ...options, ...tlsOptions, ...listener.certificate, handshakeTimeout: handshakeTimeMaxMs })
  // Node drops fields over this in silence; one more than allowed is kept so that the `http` stage sees and refuses it.
  server.maxHeadersCount = headerFieldsMax + 1
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

function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // `close` ends idle connections once; those that become idle later are swept until none is left.
    const sweep = setInterval(() => server.closeIdleConnections(), connectionsCheckEveryMs / 10)
    const cut = setTimeout(() => server.closeAllConnections(), drainTimeMaxMs)
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
