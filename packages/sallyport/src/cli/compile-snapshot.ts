/** From a configuration to the snapshot that the edge judges by: rules compiled, certificates made ready, pools of upstreams at hand. */
import type { Challenges } from '../certificates/acme/challenges.ts'
import type { Config, ListenerConfig } from '../config/config.ts'
import type { Loaded } from '../config/load.ts'
import type { DecisionOutput } from '../edge/decision-output.ts'
import type { DevelopmentCertificate } from '../edge/development-certificate.ts'
import type { ListenerPlan, Route, Snapshot } from '../edge/snapshot.ts'
import { trustOf } from '../edge/trusted-proxies.ts'
import type { UpstreamTls } from '../edge/upstream.ts'
import type { Pooled, UpstreamPools } from '../edge/upstream-pools.ts'
import type { LoadedRuleSet } from '../waf/load.ts'
import { compileCertificates } from './configured-certificates.ts'
import { compileRules } from './configured-rules.ts'

export interface Compiled {
  readonly snapshot: Snapshot
  readonly config: Config
  /** Those of the snapshot. */
  readonly ruleSets: readonly LoadedRuleSet[]
  /** Null: certificates are the operator's, or none is needed. */
  readonly development: DevelopmentCertificate | null
  /** When no request is judged by it any more, or none ever was. */
  readonly release: () => Promise<void>
}

/** What outlives a snapshot, and each is made with. */
export interface Parts {
  readonly pools: UpstreamPools
  readonly challenges: Challenges
  readonly output: Pick<DecisionOutput, 'takes'>
}

/** `before`: rule sets that are compiled already; those that would be the same are taken over.
 *  Throws a `Failure` of exit code 2. Changes nothing that runs. */
export async function compileSnapshot(
  loaded: Loaded,
  { pools, challenges, output }: Parts,
  before: readonly LoadedRuleSet[] = [],
): Promise<Compiled> {
  const { config } = loaded
  const { store, development } = await compileCertificates(loaded)
  const ruleSets = await compileRules(loaded, before)
  const used = usePools(loaded, pools)
  const snapshot: Snapshot = Object.freeze({
    listeners: config.listeners.map(planOf),
    certificates: store,
    routes: routesOf(config, used),
    ruleSets,
    bounds: config.bounds,
    answerChallenge: challenges.answerPath,
    takesDecision: output.takes,
  })
  const release = async (): Promise<void> => {
    await Promise.all([...used.values()].map((pooled) => pooled.release()))
  }
  return { snapshot, config, ruleSets, development, release }
}

function planOf({ name, listen, tls, serves, trustedProxies }: ListenerConfig): ListenerPlan {
  return Object.freeze({ name, listen, tls, serves, trusts: trustOf(trustedProxies) })
}

function routesOf(config: Config, used: ReadonlyMap<string, Pooled>): readonly Route[] {
  return config.routes.map(({ match, upstream, body, response }) => {
    const pooled = used.get(upstream)
    if (pooled === undefined) throw new Error(`no upstream ${upstream}`)
    return Object.freeze({
      hosts: match.hosts === null ? null : new Set(match.hosts),
      path: match.path,
      upstream: pooled.upstream,
      inspectBytesMax: body.inspectMax,
      over: body.over,
      encoded: body.encoded,
      answerInspectBytesMax: response.inspect ? response.inspectMax : null,
    })
  })
}

function usePools({ config, upstreamTls }: Loaded, pools: UpstreamPools): ReadonlyMap<string, Pooled> {
  const { answerSilenceMax, upstreamConnectionsMax } = config.bounds
  return new Map(
    Object.entries(config.upstreams).map(([name, { url, connect, answer }]) => {
      const tls: UpstreamTls | null = upstreamTls.get(name) ?? null
      const settings = {
        connectMs: connect,
        answerMs: answer,
        silenceMs: answerSilenceMax,
        connectionsMax: upstreamConnectionsMax,
        tls,
      }
      return [name, pools.use(url, settings)]
    }),
  )
}
