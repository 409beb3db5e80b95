/** Everything the edge decides by, immutable: a change of configuration makes a new one and never touches this. */
import type { NamedRuleSet } from '../waf/judge.ts'
import type { Upstream } from './upstream.ts'

export interface Route {
  /** Matches paths that begin with it, as they are forwarded. */
  readonly path: string
  readonly upstream: Upstream
}

export interface Snapshot {
  /** The first that matches wins. */
  readonly routes: readonly Route[]
  /** In order; each judges every request, in a transaction of its own. */
  readonly ruleSets: readonly NamedRuleSet[]
}
