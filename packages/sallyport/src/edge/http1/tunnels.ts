/** WebSocket connections: which requests may become one, and the bytes of those that did. Nothing but an upstream's 101 opens a
 *  tunnel; until then what a client sends ahead is kept, and goes to nobody (CVE-2026-2833). */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { aheadBytesMax } from '../bounds.ts'
import { countOf, fieldOf } from '../headers.ts'

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
  const giveBack = readAhead(socket, head, () => outgoing.writableEnded)
  const open: Upgrade['open'] = (upstream, answer, idleMs) => {
    socket.off('drain', onDrain)
    socket.write(answer, 'latin1')
    giveBack()
    socket.setTimeout(idleMs, () => socket.destroy())
    join(socket, upstream)
    join(upstream, socket)
  }
  return [outgoing, { open }]
}

/** Reads while the answer is awaited, for the end of a connection is seen by its reader alone. A client that ends its side by then has
 *  left, as with any request; not once its whole answer is on the way. The function given back puts all that was read where the tunnel
 *  finds it. Behind more than the bound an end stays unseen until there is an answer: the bytes wait in the kernel. */
function readAhead(socket: Socket, head: Buffer, isAllSaid: () => boolean): () => void {
  let ahead = head
  const onData = (chunk: Buffer): void => {
    // One buffer, so that bytes that come one by one cost no more than others.
    ahead = Buffer.concat([ahead, chunk])
    if (ahead.length >= aheadBytesMax) socket.pause()
  }
  const onEnd = (): void => {
    if (!isAllSaid()) socket.destroy()
  }
  socket.on('data', onData).on('end', onEnd)
  if (head.length >= aheadBytesMax) socket.pause()
  return () => {
    socket.off('data', onData).off('end', onEnd).pause()
    if (ahead.length > 0) socket.unshift(ahead)
  }
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
    else breakOff(to)
  })
}

/** A break goes on as a break, so that nobody takes for whole what is not. */
function breakOff(stream: Duplex): void {
  try {
    ;(stream as Socket).resetAndDestroy()
  } catch {
    // Only TCP has resets. Over TLS what is cut off lacks its last word (RFC 8446 §6.1).
    stream.destroy()
  }
}
