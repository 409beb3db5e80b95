/** What the edge decided for one request or connection: one closed vocabulary for log, metrics and answers.
 *  `decide` and `allow` are called in `stages/` alone (checks/tidy.test.ts): nothing else may decide. */

/** Why a request was not simply answered by the upstream. */
export type Reason =
  | 'protocol'
  | 'route'
  | 'block'
  | 'binding'
  | 'limit'
  | 'waf'
  | 'policy'
  | 'schema'
  | 'endpoint'
  | 'overload'
  | 'upstream'
  | 'internal'

/** `allow`: handed to the upstream, whatever came of it. `reject`: it could not be served. `block`: it was not wanted. */
export type Verdict = 'allow' | 'block' | 'reject'

export interface Decision {
  readonly verdict: Verdict
  /** The HTTP status sent, or null where the connection ended without an answer. */
  readonly status: number | null
  /** Null only where the upstream's own answer was passed on whole. */
  readonly reason: Reason | null
}

/** Said by a stage that found nothing to decide (`continue` is a reserved word). */
export const proceed = 'proceed'
export type Proceed = typeof proceed

/** What a stage may say. */
export type Outcome = Proceed | Decision

/** Ends the request with an answer of the edge's own. */
export function decide(reason: Reason, status: number | null): Decision {
  return Object.freeze({ verdict: verdictOf(reason), status, reason })
}

/** Ends the request with the upstream's answer, whose status this is; null where the client left before there was one. */
export function allow(status: number | null): Decision {
  return Object.freeze({ verdict: 'allow', status, reason: null })
}

function verdictOf(reason: Reason): Verdict {
  switch (reason) {
    case 'upstream':
      return 'allow'
    case 'protocol':
    case 'route':
    case 'overload':
    case 'internal':
      return 'reject'
    case 'block':
    case 'binding':
    case 'limit':
    case 'waf':
    case 'policy':
    case 'schema':
    case 'endpoint':
      return 'block'
    default:
      return reason satisfies never
  }
}
