/** Phase 2 of all rule sets: judges arguments and the whole body, as `readBody` left it. Decides `waf` (the rule's own status, or
 *  403), or `protocol` for what is over the engine's bounds. Reads: the judgement that `wafRequestHeaders` began. */
import { proceed } from '../decision.ts'
import type { Stage } from '../stage.ts'
import { outcomeOf } from './stopped.ts'

export const wafRequestBody: Stage = (request) => {
  const { judgement, decodedBody } = request
  const body = decodedBody ?? request.body
  if (judgement === null) return proceed
  request.inspectedBytes = body?.length ?? 0
  return outcomeOf(judgement.requestBody(body))
}
