/** Finds the upstream for a host and path. Decides `route` (404), nothing else; never changes the path.
 *  Reads: snapshot.routes. Runs first of those that look at the request's meaning: a path nobody serves costs no counter. */
import { decide, proceed } from '../decision.ts'
import type { Stage } from '../stage.ts'

export const route: Stage = (request, snapshot) => {
  const { host, path } = request
  const name = host === null ? null : hostName(host)
  const found = snapshot.routes.find(
    (candidate) =>
      path.startsWith(candidate.path) && (candidate.hosts === null || (name !== null && candidate.hosts.has(name))),
  )
  if (found === undefined) return decide('route', 404)
  request.route = found
  return proceed
}

/** As routes name it: without port and the dot at the end, lower case (RFC 9110 §4.2.3). */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
