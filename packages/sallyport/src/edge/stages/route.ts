/** Finds the upstream for a host and path. Decides `route` (404), or `protocol` (400) where a server that decodes the path first would
 *  be served by another route: `/%61dmin` must not be judged by the rules of `/`. Never changes the path.
 *  Reads: snapshot.routes. Runs first of those that look at the request's meaning: a path nobody serves costs no counter. */
import { decide, proceed } from '../decision.ts'
import type { Route } from '../snapshot.ts'
import type { Stage } from '../stage.ts'
import { decodedReading } from '../target.ts'

export const route: Stage = (request, { routes }) => {
  const { host, path } = request
  const name = host === null ? null : hostName(host)
  const ofHost = ({ hosts }: Route): boolean => hosts === null || (name !== null && hosts.has(name))
  const found = routes.find((candidate) => path.startsWith(candidate.path) && ofHost(candidate))
  const decoded = decodedReading(path)
  if (decoded !== path) {
    const other = routes.find((candidate) => decoded.startsWith(decodedReading(candidate.path)) && ofHost(candidate))
    if (other !== found) return decide('protocol', 400)
  }
  if (found === undefined) return decide('route', 404)
  request.route = found
  return proceed
}

/** As routes name it: without port and the dot at the end, lower case (RFC 9110 §4.2.3). */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}
