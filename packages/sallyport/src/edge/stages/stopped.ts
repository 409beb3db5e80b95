/** What a rule set's stop becomes: `waf` for a rule that blocks; `protocol` for a request of which the engine's bounds would leave
 *  a part unread. Not in the order of stages; the WAF's stages end here. */
import type { Stop } from '../../waf/judge.ts'
import { decide, type Outcome, proceed } from '../decision.ts'
import type { Answer } from '../upstream.ts'

export function outcomeOf(stop: Stop | null): Outcome {
  if (stop === null) return proceed
  return decide(stop.verdict === 'block' ? 'waf' : 'protocol', stop.status)
}

/** The same for an answer, which then is not passed on. The connection of a 101 would be nobody's. */
export function outcomeOfAnswer(stop: Stop | null, answer: Answer): Outcome {
  if (stop !== null) answer.socket?.destroy()
  return outcomeOf(stop)
}
