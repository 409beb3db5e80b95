/** Phase 1 of all rule sets: judges line and fields. Decides `waf` (the rule's own status, or 403), or `protocol` for what is over the
 *  engine's bounds. Reads: snapshot.ruleSets. Runs before the body, so that what is refused here costs no byte of it. */
import { beginJudgement } from '../../waf/judge.ts'
import { proceed } from '../decision.ts'
import { requestHead } from '../request-head.ts'
import type { Stage } from '../stage.ts'
import { outcomeOf } from './stopped.ts'

export const wafRequestHeaders: Stage = (request, snapshot) => {
  if (snapshot.ruleSets.length === 0) return proceed
  const { remotePort = 0, localAddress = '', localPort = 0 } = request.incoming.socket
  const client = { address: request.ip ?? '', port: remotePort }
  const server = { address: localAddress, port: localPort }
  const bounds = request.route === null ? {} : { requestBodyBytesMax: request.route.inspectBytesMax }
  request.judgement = beginJudgement(snapshot.ruleSets, requestHead(request, client, server), bounds)
  return outcomeOf(request.judgement.requestHeaders())
}
