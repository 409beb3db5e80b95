/** Refuses a request whose line the decision log might lose, where the operator wants none lost (`log.whenFull: refuse`). Decides `overload` (503),
 *  nothing else, and before anything else is done for the request. Fails closed.
 *  Reads: snapshot.takesDecision. */
import { decide, proceed } from '../decision.ts'
import type { Stage } from '../stage.ts'

export const logRoom: Stage = (_, snapshot) => (snapshot.takesDecision() ? proceed : decide('overload', 503))
