/** Phase 4 of all rule sets: judges the answer's body, as `readAnswer` left it. Runs for answers without a body too: rules sum up here
 *  what phase 3 found. Decides `waf` (the rule's own status, or 403). Reads: the judgement that `wafRequestHeaders` began. */
import { proceed } from '../decision.ts'
import { inspectsAnswer } from '../inspected-answer.ts'
import type { Stage } from '../stage.ts'
import { outcomeOfAnswer } from './stopped.ts'

export const wafResponseBody: Stage = (request) => {
  const { judgement, answer, answerBody, route } = request
  if (judgement === null || answer === null || !inspectsAnswer(request)) return proceed
  if (answerBody !== null) {
    request.answerInspectedBytes = Math.min(answerBody.length, route?.answerInspectBytesMax ?? 0)
    // Its client may take hours for the rest.
    request.answerBody = null
  }
  return outcomeOfAnswer(judgement.responseBody(answerBody ?? nothing), answer)
}

const nothing = new Uint8Array(0)
