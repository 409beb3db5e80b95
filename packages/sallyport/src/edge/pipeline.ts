/** The request path. Order is meaning: a path nobody serves costs no body, and no byte of a body is read before the request is understood. */
import { type Decision, proceed } from './decision.ts'
import type { EdgeRequest } from './request.ts'
import type { ListenerPlan, Snapshot } from './snapshot.ts'
import type { AcceptStage, ConnectionStage, Stage } from './stage.ts'
import { accept } from './stages/accept.ts'
import { challenge } from './stages/challenge.ts'
import { fault } from './stages/fault.ts'
import { forward } from './stages/forward.ts'
import { framing, http } from './stages/http.ts'
import { logRoom } from './stages/log-room.ts'
import { readAnswer } from './stages/read-answer.ts'
import { readBody } from './stages/read-body.ts'
import { respond } from './stages/respond.ts'
import { route } from './stages/route.ts'
import { tls } from './stages/tls.ts'
import { wafRequestBody } from './stages/waf-request-body.ts'
import { wafRequestHeaders } from './stages/waf-request-headers.ts'
import { wafResponseBody } from './stages/waf-response-body.ts'
import { wafResponseHeaders } from './stages/waf-response-headers.ts'

/** What a connection passes before a byte of it is read. */
export const accepted: readonly AcceptStage[] = [accept]

/** What a connection passes before it carries a request. */
export const connection: readonly ConnectionStage[] = [tls, framing]

/** What a request passes. The first decision ends it; `respond` always decides. */
export const request: readonly Stage[] = [
  ...[logRoom, http, route, wafRequestHeaders], // synchronous: cost no promise and no byte of a body
  ...[readBody, wafRequestBody],
  ...[forward, wafResponseHeaders, readAnswer, wafResponseBody], // of the answer nothing has been sent
  respond,
]

/** What a request passes on a listener that serves challenges alone. */
export const challenges: readonly Stage[] = [http, challenge]

export function stagesOf({ serves }: ListenerPlan): readonly Stage[] {
  return serves === 'acme' ? challenges : request
}

/** Walks one request through the stages. Never rejects: a stage that throws is a decision too, told to `onFault`. */
export async function run(
  asked: EdgeRequest,
  snapshot: Snapshot,
  onFault: (error: unknown) => void,
  stages: readonly Stage[] = request,
): Promise<Decision> {
  try {
    for (const stage of stages) {
      const said = stage(asked, snapshot)
      const outcome = said instanceof Promise ? await said : said
      if (outcome !== proceed) return outcome
    }
    throw new Error('no stage decided')
  } catch (error) {
    onFault(error)
    return fault()
  }
}
