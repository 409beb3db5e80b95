/** The shapes of a stage. The order of stages is in pipeline.ts, and nowhere else. */
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Server as TlsServer } from 'node:tls'
import type { Decision, Outcome } from './decision.ts'
import type { Http2Sessions } from './http2/sessions.ts'
import type { EdgeRequest } from './request.ts'
import type { Snapshot } from './snapshot.ts'

/** Says `proceed`, or decides. Synchronous unless it waits for bytes: the loop awaits only a promise. */
export type Stage = (request: EdgeRequest, snapshot: Snapshot) => Outcome | Promise<Outcome>

/** A connection of which no byte has been read. */
export interface Arrival {
  /** The peer's address; null: it came through a Unix socket. */
  readonly peer: string | null
  /** Whether the peer is a proxy that this listener trusts. */
  readonly trusted: boolean
  /** Connections that this peer has open already. */
  readonly open: number
}

/** Looks at a connection before its first byte. */
export type AcceptStage = (arrival: Arrival, snapshot: Snapshot) => Outcome

/** A decision about bytes that never became a request, and what to do about them. */
export type OnRefusal = (decision: Decision, socket: Duplex, kind: 'request' | 'connection') => void

/** What a connection's bytes are given to, one behind the other. */
export interface Servers {
  /** Null: plain HTTP. */
  readonly secure: TlsServer | null
  readonly http1: Server
  /** Null: not spoken. */
  readonly http2: Http2Sessions | null
}

/** Watches what a connection must get right before there is a request: subscribes to the servers' failures, decides on each. */
export type ConnectionStage = (servers: Servers, refuse: OnRefusal) => void
