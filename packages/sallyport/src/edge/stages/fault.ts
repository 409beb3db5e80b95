/** Decides for a request on which the edge itself failed: `internal` (500). Fails closed: nothing was or will be forwarded on its account.
 *  Not in the order of stages; the loop ends here when a stage throws. */
import { type Decision, decide } from '../decision.ts'

export const fault = (): Decision => decide('internal', 500)
