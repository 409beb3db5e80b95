/** Passes the upstream's answer on, as it comes, no faster than the client reads. Decides `allow`; or `upstream` where the
 *  upstream breaks off, by then too late for another status: the client's connection is cut, never ended as if whole. */
import type { ServerResponse } from 'node:http'
import { allow, type Decision, decide } from '../decision.ts'
import { fieldOf, forwardedAnswerHeaders } from '../headers.ts'
import type { Stage } from '../stage.ts'
import type { Answer } from '../upstream.ts'

export const respond: Stage = ({ answer, outgoing }) => {
  if (answer === null) return decide('internal', 500)
  if (outgoing.destroyed) return allow(null)
  try {
    outgoing.writeHead(answer.status, answer.statusText, forwardedAnswerHeaders(answer.headers))
  } catch {
    // The upstream sent a field that no HTTP message may hold (RFC 9110 §5.5).
    return decide('upstream', 502)
  }
  return pass(answer, outgoing)
}

/** Resolves once the client has the whole answer, or its connection is gone. */
function pass(answer: Answer, outgoing: ServerResponse): Promise<Decision> {
  const length = fieldOf(answer.headers, 'content-length')
  let remaining = length === null ? Number.POSITIVE_INFINITY : Number(length)
  // Of unknown length, it may be a stream of events: its head must not wait for the first of them.
  if (length === null) outgoing.flushHeaders()
  return new Promise((resolve) => {
    let decision = allow(answer.status)
    outgoing.once('close', () => resolve(decision))
    outgoing.on('drain', answer.resume)
    answer.read({
      data(chunk) {
        remaining -= chunk.length
        if (remaining > 0) return outgoing.write(chunk)
        outgoing.end(chunk) // head and last bytes in one write
        return true
      },
      end: () => void outgoing.end(),
      failed() {
        // Not where the client left: then it is the edge that ended the upstream's answer.
        if (!outgoing.destroyed && !outgoing.writableEnded) decision = decide('upstream', answer.status)
        outgoing.destroy()
      },
    })
  })
}
