/** Pools of connections to upstreams, shared by the snapshots that reach the same upstream in the same way: a change of configuration that does
 *  not touch an upstream keeps its warm connections. */
import { connectUpstream } from './upstream/connect.ts'
import type { Upstream, UpstreamSettings } from './upstream.ts'

export interface UpstreamPools {
  /** The pool of an origin; the same for the same origin and settings. */
  readonly use: (origin: string, settings: UpstreamSettings) => Pooled
}

export interface Pooled {
  readonly upstream: Upstream
  /** Once, by each who used it. The last ends the connections. */
  readonly release: () => Promise<void>
}

export function upstreamPools(): UpstreamPools {
  const pools = new Map<string, { readonly upstream: Upstream; users: number }>()
  return {
    use(origin, settings) {
      const key = JSON.stringify([origin, settings])
      const pool = pools.get(key) ?? { upstream: connectUpstream(origin, settings), users: 0 }
      pools.set(key, pool)
      pool.users++
      return {
        upstream: pool.upstream,
        async release() {
          pool.users--
          if (pool.users > 0) return
          pools.delete(key)
          await pool.upstream.close()
        },
      }
    },
  }
}
