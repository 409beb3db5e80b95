/** Phase 2 of all rule sets: judges arguments and the body, as `readBody` left it: the whole, or of one that goes on as many bytes as its route
 *  has inspected. Decides `waf` (the rule's own status, or
 *  403), or `protocol` for what is over the engine's bounds. Reads: the judgement that `wafRequestHeaders` began. */
import { proceed } from '../decision.ts'
import type { Stage } from '../stage.ts'
import { outcomeOf } from './stopped.ts'

export const wafRequestBody: Stage = (request) => {
  const { judgement, bodyGoesOn, route } = request
  if (judgement === null) return proceed
  const whole = request.decodedBody ?? request.body
  const body = bodyGoesOn ? (whole?.subarray(0, route?.inspectBytesMax) ?? null) : whole
  request.inspectedBytes = body?.length ?? 0
  return outcomeOf(judgement.requestBody(body, bodyGoesOn))
}
