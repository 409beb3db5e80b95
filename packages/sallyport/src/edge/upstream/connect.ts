/** Makes an upstream of an origin: the client of upstream.ts over connections of our own. */
import { answerSilenceMaxMs, answerTimeMaxMs, connectTimeMaxMs, upstreamConnectionsMax } from '../bounds.ts'
import type { Upstream, UpstreamSettings } from '../upstream.ts'
import { dialler } from './dial.ts'
import { Pool } from './pool.ts'

const defaults: UpstreamSettings = {
  connectMs: connectTimeMaxMs,
  answerMs: answerTimeMaxMs,
  silenceMs: answerSilenceMaxMs,
  connectionsMax: upstreamConnectionsMax,
  tls: null,
}

/** A pool of connections to one origin (`http://host:port`); nothing is dialled before the first request. */
export function connectUpstream(origin: string, settings: Partial<UpstreamSettings> = {}): Upstream {
  const all = { ...defaults, ...settings }
  return new Pool(dialler(origin, all.tls), new URL(origin).host, all)
}
