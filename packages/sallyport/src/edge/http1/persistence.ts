/** Whether a connection may carry another request (RFC 9112 §9.3). */
import type { IncomingMessage } from 'node:http'
import type { Decision } from '../decision.ts'
import { connectionOptions, countOf } from '../headers.ts'
import type { EdgeRequest } from '../request.ts'

/** Read from `Connection` alone: Node's parser believes `Proxy-Connection` too, and `keep-alive` beside `close`. */
export function endsConnection({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  const options = connectionOptions(rawHeaders)
  if (options?.has('close') === true) return true
  // Node reads no further on a connection that was asked to be upgraded: its next request would wait for ever.
  if (headers.upgrade !== undefined) return true
  return httpVersion === '1.0' && options?.has('keep-alive') !== true
}

/** Whether nothing may be read behind a refused request: its body ends where nobody knows, for its coding is not understood, its
 *  version is another, or its client waits and may send it or not (RFC 9110 §10.1.1). All others end where they say, and what is
 *  left of them is read away. */
export function leavesUncertainEnd(request: EdgeRequest, { reason, status }: Decision): boolean {
  const { broken, incoming, rawHeaders } = request
  if (broken.signal.aborted || incoming.version === '0.9' || incoming.version === 'other') return true
  if (reason !== 'protocol' || status === null) return false
  // Node closes by itself behind `100-continue`, and behind no other expectation.
  if (uncertain.has(status) || countOf(rawHeaders, 'expect') > 0) return true
  return status === badRequest && countOf(rawHeaders, 'transfer-encoding') > 0
}

const badRequest = 400
/** Not understood: expectation, coding. */
const uncertain: ReadonlySet<number> = new Set([417, 501])
