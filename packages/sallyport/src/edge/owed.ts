/** The answers that each connection still owes: a client may send its next request before the last is answered
 *  (RFC 9112 §9.3.2), and bytes that cannot be read may belong to a body still coming or to the request after it. */
import type { Duplex } from 'node:stream'
import type { Decision } from './decision.ts'
import type { EdgeRequest } from './request.ts'

export interface Owed {
  /** From now on the connection owes this request's answer, until the answer is closed. */
  readonly begin: (request: EdgeRequest) => void
  /** Bytes on this connection cannot be read. A request whose body they broke takes `decision` for its own, by way of its
   *  stage; otherwise `refuse` is called, once all earlier answers are out. */
  readonly broken: (socket: Duplex, decision: Decision, refuse: () => void) => void
}

export function owedAnswers(): Owed {
  const owed = new Map<Duplex, Set<EdgeRequest>>()
  const afterwards = new WeakMap<Duplex, () => void>()
  const end = (socket: Duplex, request: EdgeRequest): void => {
    const open = owed.get(socket)
    open?.delete(request)
    if (open?.size !== 0) return
    owed.delete(socket)
    afterwards.get(socket)?.()
  }
  return {
    begin(request) {
      const { socket } = request.incoming
      const open = owed.get(socket)
      if (open === undefined) owed.set(socket, new Set([request]))
      else open.add(request)
      request.outgoing.once('close', () => end(socket, request))
    },
    broken(socket, decision, refuse) {
      const open = owed.get(socket)
      if (open === undefined) return refuse()
      for (const request of open) if (!request.incoming.complete) return request.broken.abort(decision)
      afterwards.set(socket, refuse)
    },
  }
}
