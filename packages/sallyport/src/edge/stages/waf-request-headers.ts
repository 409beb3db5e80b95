/** Phase 1 of all rule sets: judges line and fields. Decides `waf` (the rule's own status, or 403), or `protocol` for what is over the
 *  engine's bounds. Reads: snapshot.ruleSets. Runs before the body, so that what is refused here costs no byte of it. */
import type { ExchangeBounds } from '@sallyport/seclang'
import { beginJudgement } from '../../waf/judge.ts'
import { proceed } from '../decision.ts'
import { requestHead } from '../request-head.ts'
import type { Route } from '../snapshot.ts'
import type { Stage } from '../stage.ts'
import { outcomeOf } from './stopped.ts'

export const wafRequestHeaders: Stage = (request, snapshot) => {
  if (snapshot.ruleSets.length === 0) return proceed
  const { remotePort = 0, localAddress = '', localPort = 0 } = request.incoming.socket
  const client = { address: request.ip ?? '', port: remotePort }
  const server = { address: localAddress, port: localPort }
  request.judgement = beginJudgement(snapshot.ruleSets, requestHead(request, client, server), boundsOf(request.route))
  return outcomeOf(request.judgement.requestHeaders())
}

function boundsOf(route: Route | null): Partial<ExchangeBounds> {
  if (route === null) return {}
  const { inspectBytesMax: requestBodyBytesMax, answerInspectBytesMax: responseBodyBytesMax } = route
  return responseBodyBytesMax === null ? { requestBodyBytesMax } : { requestBodyBytesMax, responseBodyBytesMax }
}
