/** Which answer is the last of its connection because its client says so or the edge is about to end: a client that is told (`Connection: close`, RFC 9112 §9.6) sends
 *  nothing more on it, and so loses nothing when it is closed. */
import type { ServerResponse } from 'node:http'

export interface LastAnswers {
  /** Of each request, as it begins. `last`: so its client says. */
  readonly begin: (outgoing: ServerResponse, last: boolean) => void
  /** From now on. Answers that are owed already are the last too, where they have not begun. */
  readonly leave: () => void
}

export function lastAnswers(): LastAnswers {
  const owed = new Set<ServerResponse>()
  let leaving = false
  return {
    begin(outgoing, last) {
      if (leaving || last) outgoing.shouldKeepAlive = false
      owed.add(outgoing)
      outgoing.once('close', () => owed.delete(outgoing))
    },
    leave() {
      leaving = true
      // Of each connection the last: what was sent ahead on it is still to be answered.
      const last = new Map([...owed].map((outgoing) => [outgoing.req.socket, outgoing]))
      for (const outgoing of last.values()) outgoing.shouldKeepAlive = false
    },
  }
}
