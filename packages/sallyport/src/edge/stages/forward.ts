/** Hands the request to its upstream and waits for the head of the answer. Decides `upstream` (502, 504);
 *  `overload` (503) where all connections to it are in use for too long; `protocol` (400) where a body breaks off that passes in parts, and what
 *  `framing` decided of one whose bytes cannot be read.
 *  Reads: the route that `route` found. What was judged goes on as it was: raw fields, same bytes. Where answers are inspected, the
 *  upstream is asked for one without codings. */
import { allow, type Decision, decide, proceed } from '../decision.ts'
import { forwardedFields } from '../forwarded-fields.ts'
import { fieldOf, forwardedAnswerHeaders, forwardedRequestHeaders, forwardedUncodedHeaders } from '../headers.ts'
import { inspectsAnswer } from '../inspected-answer.ts'
import { type PassedBody, passedBody } from '../passed-body.ts'
import type { EdgeRequest } from '../request.ts'
import type { Stage } from '../stage.ts'
import { UpstreamError, type UpstreamErrorKind, type UpstreamRequest } from '../upstream.ts'

export const forward: Stage = async (request) => {
  const { route, outgoing } = request
  if (route === null) return decide('internal', 500)
  const gone = new AbortController()
  outgoing.onClose(() => gone.abort(left))
  const passed = request.bodyGoesOn ? passedBody(request) : null
  const sentAt = performance.now()
  const inspects = inspectsAnswer(request)
  try {
    request.answer = await route.upstream.send(upstreamRequest(request, passed, inspects), gone.signal, (hints) => {
      // No phase judges them, and the answer that they announce may be refused.
      if (!inspects) outgoing.sendHints(forwardedAnswerHeaders(hints))
    })
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    if (request.broken.signal.aborted) return request.broken.signal.reason as Decision
    if (gone.signal.aborted) return allow(null)
    if (passed?.brokeOff() === true) return decide('protocol', 400)
    return unanswered(error.kind)
  }
  request.upstreamMs = performance.now() - sentAt
  return proceed
}

/** Made once: an error of its own for each request costs more than all else that a signal does. */
const left = new Error('the client is served or gone')

function unanswered(kind: UpstreamErrorKind): Decision {
  switch (kind) {
    case 'busy':
      return decide('overload', 503)
    case 'late':
      return decide('upstream', 504)
    case 'refused':
      return decide('upstream', 502)
    default:
      return kind satisfies never
  }
}

function upstreamRequest(request: EdgeRequest, passed: PassedBody | null, inspects: boolean): UpstreamRequest {
  const fieldsToForward = inspects ? forwardedUncodedHeaders : forwardedRequestHeaders
  const headers = fieldsToForward(request.rawHeaders, forwardedFields(request))
  const upgrade = request.upgrade === null ? null : fieldOf(request.rawHeaders, 'upgrade')
  return { method: request.method, target: request.target, headers, body: passed ?? request.body, upgrade }
}
