/** Routes: where they lead, and whether any request can get there. */
import type { Check, Complaint } from './complaint.ts'
import type { MatchConfig, RouteConfig } from './config.ts'
import { coversHost } from './host.ts'

import { suggest } from './suggest.ts'

export const routeComplaints: Check = ({ routes, upstreams, listeners, certificates }) => {
  const known = Object.keys(upstreams)
  const errors: Complaint[] = []
  const warnings: Complaint[] = []
  for (const [index, { upstream }] of routes.entries()) {
    if (known.includes(upstream)) continue
    const near = suggest(upstream, known) ?? known.join(', ')
    const message = `no upstream is named ${upstream}: ${near === '' ? 'add it to upstreams' : `use ${near}, or add it to upstreams`}`
    errors.push({ path: ['routes', index, 'upstream'], message })
  }
  const serving = listeners.filter(({ serves }) => serves === 'api')
  if (serving.length > 0 && routes.length === 0) {
    const message = 'no route: every request gets 404; add routes: [{ match: { path: / }, upstream: NAME }]'
    warnings.push({ path: ['routes'], aim: 'key', message })
  }
  warnings.push(...shadowed(routes))
  if (certificates.length > 0 && serving.some(({ tls }) => tls)) {
    const covered = certificates.flatMap(({ hosts }) => hosts)
    warnings.push(...uncovered(routes, covered))
  }
  return { errors, warnings }
}

/** A route is dead when earlier ones take all that it could get: for each of its hosts one with a prefix of its path. */
function shadowed(routes: readonly RouteConfig[]): Complaint[] {
  return routes.flatMap(({ match }, index) => {
    const earlier = routes.slice(0, index).map((route) => route.match)
    const hosts: readonly (string | null)[] = match.hosts ?? [null]
    const takers = hosts.map((host) => earlier.findIndex((one) => takes(one, host, match.path)))
    if (takers.includes(-1)) return []
    const first = Math.max(...takers)
    const message = `no request gets here: route ${first + 1} takes them all; take it out, or put it in front`
    return [{ path: ['routes', index, 'match'], message }]
  })
}

/** `host` null: any host. */
function takes({ hosts, path }: MatchConfig, host: string | null, longer: string): boolean {
  return longer.startsWith(path) && (hosts === null || (host !== null && hosts.includes(host)))
}

/** Clients that ask by a name get a certificate for another, and refuse it. */
function uncovered(routes: readonly RouteConfig[], patterns: readonly string[]): Complaint[] {
  return routes.flatMap(({ match }, index) =>
    (match.hosts ?? []).flatMap((host, at) =>
      patterns.some((pattern) => coversHost(pattern, host))
        ? []
        : [
            {
              path: ['routes', index, 'match', 'hosts', at],
              message: `no certificate is for ${host}: add one, or its name`,
            },
          ],
    ),
  )
}
