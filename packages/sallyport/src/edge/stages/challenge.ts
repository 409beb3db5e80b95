/** All that a listener with `serves: acme` does: answers the challenges of HTTP-01 (RFC 8555 §8.3) and decides `policy` (403) on everything else.
 *  Never a redirect: by then a key would have travelled in clear. Nothing is forwarded, no body is read.
 *  Reads: snapshot.answerChallenge. */
import { allow, decide } from '../decision.ts'
import type { Stage } from '../stage.ts'

export const challenge: Stage = ({ method, path, outgoing }, snapshot) => {
  const answer = method === 'GET' || method === 'HEAD' ? snapshot.answerChallenge(path) : null
  if (answer === null) return decide('policy', 403)
  const length = String(Buffer.byteLength(answer))
  outgoing.sendHead(200, 'OK', ['content-type', 'application/octet-stream', 'content-length', length])
  outgoing.end(answer)
  return allow(200)
}
