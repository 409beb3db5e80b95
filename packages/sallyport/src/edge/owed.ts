/** The answers that each connection owes. A client may send its next requests before the last is answered; they are served one at
 *  a time, in order (RFC 9112 §9.3.2: no later request may take effect before an earlier, unsafe one). Bytes that cannot be read
 *  may belong to a body still coming or to the request after it. */
import type { Duplex } from 'node:stream'
import { pipelinedRequestsMax } from './bounds.ts'
import type { Decision } from './decision.ts'
import type { EdgeRequest } from './request.ts'

export interface Owed {
  /** From now on the connection owes this request's answer, until the answer is closed. `serve` is called once all earlier answers
   *  are out. Never called for what is over the bound: there the connection ends behind the last answer that it owes. */
  readonly begin: (request: EdgeRequest, serve: () => void) => void
  /** Whether an earlier answer is still to come. */
  readonly isOwed: (socket: Duplex) => boolean
  /** Bytes on this connection cannot be read. A request whose body they broke takes `decision` for its own, by way of its
   *  stage; otherwise `refuse` is called, once all earlier answers are out. */
  readonly broken: (socket: Duplex, decision: Decision, refuse: () => void) => void
}

interface Waiting {
  readonly request: EdgeRequest
  readonly serve: () => void
}

/** The first of `line` is being served. */
interface Connection {
  readonly line: Waiting[]
  refuse: (() => void) | null
}

export function owedAnswers(): Owed {
  const connections = new WeakMap<Duplex, Connection>()

  const next = (socket: Duplex, connection: Connection): void => {
    const [first] = connection.line
    if (first === undefined) {
      connections.delete(socket)
      connection.refuse?.()
      return
    }
    // A request whose client has gone is not begun.
    if (socket.destroyed) return
    const { outgoing } = first.request
    outgoing.once('close', () => {
      // Behind the last answer of a connection nothing is begun, and `line` stays as it is, so that nothing will be.
      if (!outgoing.shouldKeepAlive && connection.refuse === null) return
      connection.line.shift()
      // The last that waited has its turn, and its body may still have to come.
      if (connection.line.length === 1) socket.resume()
      next(socket, connection)
    })
    first.serve()
  }

  return {
    begin(request, serve) {
      const { socket } = request.incoming
      const connection = connections.get(socket)
      if (connection === undefined) {
        const line = [{ request, serve }]
        const begun = { line, refuse: null }
        connections.set(socket, begun)
        return next(socket, begun)
      }
      // Whoever sends ahead is read no further: the bytes wait in the kernel, not here.
      socket.pause()
      if (connection.line.length < pipelinedRequestsMax) connection.line.push({ request, serve })
      else for (const last of connection.line.slice(-1)) last.request.outgoing.shouldKeepAlive = false
    },
    isOwed: (socket) => connections.has(socket),
    broken(socket, decision, refuse) {
      const connection = connections.get(socket)
      if (connection === undefined) return refuse()
      const open = connection.line.find(({ request }) => !request.incoming.complete)
      if (open !== undefined) open.request.broken.abort(decision)
      else connection.refuse = refuse
    },
  }
}
