/** Phase 3 of all rule sets: judges status and fields of the answer. Decides `waf` (the rule's own status, or 403) where the route has
 *  answers inspected. Reads: the judgement that `wafRequestHeaders` began. Nothing of the answer has been sent. */
import { proceed } from '../decision.ts'
import { inspectsAnswer, responseHead } from '../inspected-answer.ts'
import type { Stage } from '../stage.ts'
import { outcomeOfAnswer } from './stopped.ts'

export const wafResponseHeaders: Stage = (request) => {
  const { judgement, answer } = request
  if (judgement === null || answer === null || !inspectsAnswer(request)) return proceed
  return outcomeOfAnswer(judgement.responseHeaders(responseHead(answer)), answer)
}
