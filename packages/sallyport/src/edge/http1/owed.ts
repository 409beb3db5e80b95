/** The answers that each connection owes. A client may send its next requests before the last is answered; they are served one at
 *  a time, in order (RFC 9112 §9.3.2: no later request may take effect before an earlier, unsafe one). Bytes that cannot be read
 *  may belong to a body still coming or to the request after it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipelinedRequestsMax } from '../bounds.ts'
import type { Decision } from '../decision.ts'

export interface Owed {
  /** From now on the connection owes this request's answer, until the answer is closed. Its `serve` is called once all earlier answers
   *  are out. Never called for what is over the bound: there the connection ends behind the last answer that it owes. */
  readonly begin: (turn: Turn) => void
  /** Whether an earlier answer is still to come. */
  readonly isOwed: (socket: Duplex) => boolean
  /** Bytes on this connection cannot be read. A request whose body they broke takes `decision` for its own, by way of its
   *  stage; otherwise `refuse` is called, once all earlier answers are out. */
  readonly broken: (socket: Duplex, decision: Decision, refuse: () => void) => void
}

/** A request that has its place in the line of its connection. */
export interface Turn {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  /** Aborted where the bytes of its body cannot be read. */
  readonly broken: AbortController
  readonly serve: () => void
}

/** The first of `line` is being served. */
interface Connection {
  readonly line: Turn[]
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
    const { response } = first
    response.once('close', () => {
      // Behind the last answer of a connection nothing is begun, and `line` stays as it is, so that nothing will be.
      if (!response.shouldKeepAlive) return
      connection.line.shift()
      // The last that waited has its turn, and its body may still have to come.
      if (connection.line.length === 1) socket.resume()
      next(socket, connection)
    })
    first.serve()
  }

  return {
    begin(turn) {
      const { socket } = turn.message
      const connection = connections.get(socket)
      if (connection === undefined) {
        const line = [turn]
        const begun = { line, refuse: null }
        connections.set(socket, begun)
        return next(socket, begun)
      }
      // Whoever sends ahead is read no further: the bytes wait in the kernel, not here.
      socket.pause()
      if (connection.line.length < pipelinedRequestsMax) connection.line.push(turn)
      else for (const last of connection.line.slice(-1)) last.response.shouldKeepAlive = false
    },
    isOwed: (socket) => connections.has(socket),
    broken(socket, decision, refuse) {
      const connection = connections.get(socket)
      if (connection === undefined) return refuse()
      const open = connection.line.find(({ message }) => !message.complete)
      if (open !== undefined) open.broken.abort(decision)
      else connection.refuse = refuse
    },
  }
}
