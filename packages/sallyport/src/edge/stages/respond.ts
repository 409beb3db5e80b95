/** Passes the upstream's answer on, as it comes, no faster than the client reads. Decides `allow`; or `upstream` where the
 *  upstream breaks off, by then too late for another status: the client's connection is cut, never ended as if whole.
 *  A 101 opens the tunnel that was asked for. */
import type { Duplex } from 'node:stream'
import { allow, type Decision, decide } from '../decision.ts'
import { fieldOf, forwardedAnswerHeaders } from '../headers.ts'
import type { Upgrade } from '../http1/tunnels.ts'
import type { Outgoing } from '../message.ts'
import type { Stage } from '../stage.ts'
import type { Answer } from '../upstream.ts'

export const respond: Stage = ({ answer, outgoing, upgrade, broken }, { bounds }) => {
  if (answer === null) return decide('internal', 500)
  if (outgoing.gone) {
    answer.socket?.destroy()
    return allow(null)
  }
  if (answer.socket !== null) return tunnel(answer, answer.socket, upgrade, bounds.answerSilenceMax)
  try {
    outgoing.sendHead(answer.status, answer.statusText, forwardedAnswerHeaders(answer.headers))
  } catch {
    // The upstream sent a field that no HTTP message may hold (RFC 9110 §5.5).
    return decide('upstream', 502)
  }
  return pass(answer, outgoing, broken.signal)
}

/** Decides as soon as the tunnel stands: it may stay for days. */
function tunnel({ status, headers }: Answer, socket: Duplex, upgrade: Upgrade | null, idleMs: number): Decision {
  // Only to what was asked for (RFC 9110 §15.2.2); whatever else it speaks is not what the rules judged.
  if (upgrade === null || fieldOf(headers, 'upgrade')?.toLowerCase() !== 'websocket') {
    socket.destroy()
    return decide('upstream', 502)
  }
  let head = `HTTP/1.1 ${status} Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
  const fields = forwardedAnswerHeaders(headers)
  for (let i = 0; i + 1 < fields.length; i += 2) head += `${fields[i]}: ${fields[i + 1]}\r\n`
  upgrade.open(socket, `${head}\r\n`, idleMs)
  return allow(status)
}

/** Resolves once the client has the whole answer, or its connection is gone. */
function pass(answer: Answer, outgoing: Outgoing, broken: AbortSignal): Promise<Decision> {
  const length = fieldOf(answer.headers, 'content-length')
  let remaining = length === null ? Number.POSITIVE_INFINITY : Number(length)
  // Of unknown length, it may be a stream of events: its head must not wait for the first of them.
  if (length === null) outgoing.flushHead()
  return new Promise((resolve) => {
    let decision = allow(answer.status)
    outgoing.onClose(() => resolve(decision))
    outgoing.onDrain(answer.resume)
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
        if (!outgoing.gone && !outgoing.ended)
          decision = decide(broken.aborted ? 'protocol' : 'upstream', answer.status)
        outgoing.cut()
      },
    })
  })
}
