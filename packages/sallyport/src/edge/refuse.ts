/** What a refused client is told: problem+json (RFC 9457) with the decision's id, and never which rule it broke. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { lingerTimeMaxMs, overloadRetryAfterSeconds } from './bounds.ts'
import type { Decision, Reason } from './decision.ts'
import type { Outgoing } from './message.ts'

/** One sentence a reason: what happened, from the client's side. */
const details: Readonly<Record<Reason, string>> = {
  protocol: 'The request is not well-formed HTTP, or is larger or slower than this server accepts.',
  route: 'Nothing is served at this path.',
  block: 'Requests from this source are not accepted.',
  binding: 'This key may not be used from here.',
  limit: 'Too many requests.',
  waf: 'The request, or its answer, was refused by this server’s security rules.',
  policy: 'This request is not permitted here.',
  schema: 'The request does not match the API’s description.',
  endpoint: 'This endpoint is not available.',
  overload: 'The server is busy; try again later.',
  upstream: 'The API behind this server did not answer.',
  internal: 'The server failed to process the request.',
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

function problemOf(decision: Decision, id: string): Answer {
  const { reason } = decision
  const status = decision.status ?? 500
  const problem = {
    type: `urn:sallyport:${reason ?? 'internal'}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: details[reason ?? 'internal'],
    id,
  }
  return { status, type: 'application/problem+json', body: JSON.stringify(problem) }
}

/** Answers a refused request; cuts the answer off where it had already begun. `last`: no next request can be read
 *  after it. (A body that was promised by `Expect` and never asked for makes Node close by itself.) */
export function refuseRequest(decision: Decision, id: string, outgoing: Outgoing, last: boolean): void {
  if (outgoing.begun) {
    outgoing.cut()
    return
  }
  const { status, type, body } = problemOf(decision, id)
  const length = String(Buffer.byteLength(body))
  if (last) outgoing.isLast()
  const fields = ['content-type', type, 'content-length', length, 'cache-control', 'no-store']
  if (decision.reason === 'overload') fields.push('retry-after', String(overloadRetryAfterSeconds))
  outgoing.sendHead(status, STATUS_CODES[status] ?? '', fields)
  outgoing.end(body)
}

/** Answers on a socket whose bytes never became a request, then closes it, leaving the client a moment to read. */
export function refuseSocket(
  decision: Decision,
  id: string,
  socket: Duplex & { setTimeout?: (ms: number, then: () => void) => unknown },
): void {
  if (decision.status === null || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, type, body } = problemOf(decision, id)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.resume()
  socket.setTimeout?.(lingerTimeMaxMs, () => socket.destroy())
}
