/** Everything the edge decides by, immutable: a change of configuration makes a new one and never touches this. */
import { type CertificateStore, certificateStore } from '../certificates/store.ts'
import type { NamedRuleSet } from '../waf/judge.ts'
import { bodyInspectBytesMax, defaultBounds, type EdgeBounds } from './bounds.ts'
import type { Upstream } from './upstream.ts'

export interface Snapshot {
  readonly listeners: readonly ListenerPlan[]
  /** Which certificate a TLS client is shown. */
  readonly certificates: CertificateStore
  /** The first that matches wins. */
  readonly routes: readonly Route[]
  /** In order; each judges every request, in a transaction of its own. */
  readonly ruleSets: readonly NamedRuleSet[]
  readonly bounds: EdgeBounds
  /** The body that a path of an ACME challenge (RFC 8555 §8.3) is answered with, or null: no such challenge is open. */
  readonly answerChallenge: (path: string) => string | null
  /** Whether one more decision may be made: the decision log can take its line, or may lose it. */
  readonly takesDecision: () => boolean
}

export interface ListenerPlan {
  readonly name: string
  readonly listen: ListenAddress
  /** False: plain HTTP. */
  readonly tls: boolean
  /** `acme`: answers challenges and forwards nothing. */
  readonly serves: 'api' | 'acme'
  /** Whether a peer's `X-Forwarded-For` is believed; null is the peer of a Unix socket. */
  readonly trusts: (peer: string | null) => boolean
}

export type ListenAddress =
  /** Port 0: any free port. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** PEM, chain and private key. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface Route {
  /** Lower case, without port. Null: any. */
  readonly hosts: ReadonlySet<string> | null
  /** Matches paths that begin with it, as they are forwarded. */
  readonly path: string
  readonly upstream: Upstream
  /** Bytes of a request body that are inspected. */
  readonly inspectBytesMax: number
  /** What becomes of a longer one: refused with 413, or passed on when its beginning was judged, the rest unread by any rule. */
  readonly over: 'reject' | 'pass'
  /** What becomes of a request body with `Content-Encoding`: refused with 415, or decoded for inspection. */
  readonly encoded: 'reject' | 'decode'
  /** Bytes of an answer's body that rules read before any is passed on; of a longer one, its beginning. Null: no rule judges answers. */
  readonly answerInspectBytesMax: number | null
}

/** Serves nothing: where stages are run outside of a listener, and what tests begin with. */
export const emptySnapshot: Snapshot = Object.freeze({
  listeners: [],
  certificates: certificateStore([], {}),
  routes: [],
  ruleSets: [],
  bounds: defaultBounds,
  answerChallenge: () => null,
  takesDecision: () => true,
})

/** A route of any host, for what has no configuration. */
export function routeAll(upstream: Upstream, path = '/'): Route {
  return {
    hosts: null,
    path,
    upstream,
    inspectBytesMax: bodyInspectBytesMax,
    over: 'reject',
    encoded: 'reject',
    answerInspectBytesMax: null,
  }
}
