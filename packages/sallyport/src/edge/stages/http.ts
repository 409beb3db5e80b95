/** Refuses what is not one unambiguous HTTP/1.1 request. Decides `protocol`, nothing else; never reads a body.
 *  Node's strict llhttp finds most of it (`framing`); what it lets through and two servers could read in two ways is in `http`,
 *  which leaves the target in the one form that is judged and forwarded. Reads: snapshot.bounds. */
import { hasAmbiguousFields } from '../ambiguous-fields.ts'
import { type Decision, decide, proceed } from '../decision.ts'
import { fieldOf } from '../headers.ts'
import { fieldsMax } from '../http2/session-options.ts'
import type { ConnectionStage, Stage } from '../stage.ts'
import { readTarget } from '../target.ts'

/** Bytes that Node's parsers refuse: malformed, over a bound, with two lengths, or too slow. */
export const framing: ConnectionStage = ({ http1, http2 }, refuse) => {
  http1.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') socket.destroy()
    else refuse(refusedBytes(error.code), socket, 'request')
  })
  // CONNECT asks for a tunnel; an edge that judges requests has none to give. To no port, nobody has (RFC 9110 §9.3.6: 400).
  http1.on('connect', ({ url }, socket) => {
    // Node has let go of it: a client that leaves would end the process.
    socket.on('error', () => socket.destroy())
    refuse(decide('protocol', url !== undefined && tunnelTarget.test(url) ? 501 : 400), socket, 'request')
  })
  http2?.watch({
    onBroken: (socket) => refuse(decide('protocol', null), socket, 'connection'),
    onLate: (broken) => broken.abort(decide('protocol', 408)),
  })
}

/** Authority form (RFC 9112 §3.2.3): a host, and a port always. */
const tunnelTarget = /^.+:\d+$/

function refusedBytes(code: string | undefined): Decision {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return decide('protocol', 431)
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return decide('protocol', 408)
    default:
      return decide('protocol', 400)
  }
}

/** RFC 3986 §3.2.2, but never empty and with no percent-encoding, which no name in DNS needs and two servers decode in two ways. */
const hostForm = /^[A-Za-z0-9._~!$&'()*+,;=:[\]-]+$/

export const http: Stage = (request, snapshot) => {
  const { rawHeaders, incoming } = request
  const { version, saidScheme } = incoming
  const { headerFieldsMax } = snapshot.bounds
  if (rawHeaders.length / 2 > (version === '2.0' ? fieldsMax(headerFieldsMax) : headerFieldsMax))
    return decide('protocol', 431)
  // HTTP/0.9 has no fields and no framing, and its line is no request line (RFC 9112 §3). What is later than HTTP/1 is not spoken in
  // lines (RFC 9110 §15.6.6).
  if (version === '0.9') return decide('protocol', 400)
  if (version === 'other') return decide('protocol', 505)
  // A tunnel (RFC 9110 §9.3.6): an edge that judges requests has none to give.
  if (request.method === 'CONNECT') return decide('protocol', 501)
  // Said to be of another scheme than it came by, it may be served as another resource (RFC 9113 §8.3.1).
  if (saidScheme !== null && saidScheme !== request.scheme) return decide('protocol', 400)
  // One Host, and only one: RFC 9112 §3.2 demands 400 for none in HTTP/1.1 and for two in any version.
  const host = fieldOf(rawHeaders, 'host')
  if (host === null ? version !== '1.0' : !hostForm.test(host)) return decide('protocol', 400)
  if (hasAmbiguousFields(rawHeaders)) return decide('protocol', 400)
  // A coding that only the upstream would undo hides the body from the rules (RFC 9112 §6.1: 501). HTTP/1.0 has none: a server of
  // that version reads on at the first chunk's length (RFC 9112 §6.1).
  const coding = fieldOf(rawHeaders, 'transfer-encoding')
  if (coding !== null && coding.toLowerCase() !== 'chunked') return decide('protocol', 501)
  if (coding !== null && version !== '1.1') return decide('protocol', 400)
  // Any expectation but one cannot be met (RFC 9110 §10.1.1).
  const expected = fieldOf(rawHeaders, 'expect')
  if (expected !== null && expected.toLowerCase() !== '100-continue') return decide('protocol', 417)
  const read = readTarget(request.method, request.target, host)
  if (read === null) return decide('protocol', 400)
  request.target = read.target
  request.path = read.path
  return proceed
}
