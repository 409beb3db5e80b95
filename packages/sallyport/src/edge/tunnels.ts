/** WebSocket connections: which requests may become one, and the bytes of those that did. Nothing but an upstream's 101 opens a
 *  tunnel; until then what a client sends ahead stays unread (CVE-2026-2833). */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { countOf, fieldOf } from './headers.ts'

/** A request that asks for its connection to become a tunnel. */
export interface Upgrade {
  /** The upstream has said 101: `answer` is the head to send before its first byte. `idleMs`: silence both ways that ends it. */
  readonly open: (upstream: Duplex, answer: string, idleMs: number) => void
}

/** Whether a request may become a tunnel. WebSocket alone (RFC 6455 §4.1): under `h2c` the requests inside would pass unjudged
 *  (CWE-444), and RFC 9110 §7.8 lets a server ignore whatever upgrade it likes. */
export function mayTunnel({ method, httpVersion, rawHeaders }: IncomingMessage): boolean {
  if (method !== 'GET' || httpVersion !== '1.1') return false
  if (countOf(rawHeaders, 'transfer-encoding') > 0 || (fieldOf(rawHeaders, 'content-length') ?? '0') !== '0')
    return false
  return countOf(rawHeaders, 'upgrade') === 1 && fieldOf(rawHeaders, 'upgrade')?.toLowerCase() === 'websocket'
}

/** Takes a connection over from Node's HTTP server, with an answer to write to it in the ordinary way. The connection ends behind
 *  that answer, unless `open` is called. `head`: what the client sent behind its request. */
export function takeOver(incoming: IncomingMessage, socket: Socket, head: Buffer): [ServerResponse, Upgrade] {
  socket.on('error', () => socket.destroy())
  const outgoing = new ServerResponse(incoming)
  outgoing.shouldKeepAlive = false
  outgoing.assignSocket(socket)
  // What Node's server does for its own answers.
  const onDrain = (): void => void outgoing.emit('drain')
  socket.on('drain', onDrain)
  outgoing.once('finish', () => socket.destroySoon())
  const open: Upgrade['open'] = (upstream, answer, idleMs) => {
    socket.off('drain', onDrain)
    socket.write(answer, 'latin1')
    if (head.length > 0) socket.unshift(head)
    socket.setTimeout(idleMs, () => socket.destroy())
    join(socket, upstream)
    join(upstream, socket)
  }
  return [outgoing, { open }]
}

/** One direction: bytes at the pace of the reader, the end as an end. A side that breaks takes the other with it; of one that is
 *  done with both, the last bytes still go out. */
function join(from: Duplex, to: Duplex): void {
  // RFC 6455 has no half-close, but what runs here is not ours to end early.
  to.allowHalfOpen = true
  from.on('error', () => from.destroy())
  from.pipe(to)
  from.once('close', () => {
    if (from.readableEnded && !from.errored) (to as Socket).destroySoon()
    else to.destroy()
  })
}
