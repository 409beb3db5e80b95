/** Finds the upstream for a path. Decides `route` (404), nothing else; never changes the path.
 *  Reads: snapshot.routes. Runs first of those that look at the request's meaning: a path nobody serves costs no counter. */
import { decide, proceed } from '../decision.ts'
import type { Stage } from '../stage.ts'

export const route: Stage = (request, snapshot) => {
  const found = snapshot.routes.find((candidate) => request.path.startsWith(candidate.path))
  if (found === undefined) return decide('route', 404)
  request.route = found
  return proceed
}
