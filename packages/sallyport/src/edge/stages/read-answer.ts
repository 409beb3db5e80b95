/** Reads the answer's body up to its bound, where a rule set wants it, so that rules may judge it before a byte is passed on. What none
 *  wants (streams of events, downloads) is not held back. Decides `upstream` (502) for what would pass unread: a coding that cannot be
 *  taken off, or that leads over a bound; and for an answer that breaks off. `allow`s where the client leaves meanwhile.
 *  Reads: the judgement after phase 3, what the route says of answers. */
import { allow, type Decision, decide, type Outcome, proceed } from '../decision.ts'
import { codingsOf, decode } from '../decoding.ts'
import { listOf } from '../headers.ts'
import { holdAnswer } from '../held-answer.ts'
import { mayHaveBody } from '../inspected-answer.ts'
import type { EdgeRequest } from '../request.ts'
import type { Stage } from '../stage.ts'
import type { Answer } from '../upstream.ts'

export const readAnswer: Stage = (request) => {
  const { judgement, answer, route, method } = request
  const bytesMax = route?.answerInspectBytesMax ?? null
  if (judgement === null || answer === null || bytesMax === null) return proceed
  if (!mayHaveBody(method, answer.status) || !judgement.wantsResponseBody()) return proceed
  const codings = codingsOf(listOf(answer.headers, 'content-encoding') ?? 'identity')
  if (codings === null) return unread
  return hold(request, answer, codings, bytesMax)
}

const unread: Decision = decide('upstream', 502)

async function hold(
  request: EdgeRequest,
  answer: Answer,
  codings: readonly string[],
  bytesMax: number,
): Promise<Outcome> {
  const held = await holdAnswer(answer, bytesMax, (bytes) => {
    request.answerBytes += bytes
  })
  if (request.outgoing.gone) return allow(null)
  if (held === null) return decide('upstream', 502)
  request.answer = held.answer
  request.answerBody = held.bytes
  // An empty one has no coding to take off.
  if (codings.length === 0 || held.bytes.length === 0) return proceed
  // Decoders stop at what looks like an end, whatever follows.
  if (!held.whole) return unread
  const decoded = await decode(held.bytes, codings, bytesMax)
  if (decoded === 'unreadable' || decoded === 'tooLong') return unread
  request.answerBody = decoded
  return proceed
}
