/** Puts a request on a connection in as few writes as may be: each is a system call, and they are what forwarding costs most. */
import type { Socket } from 'node:net'
import { copiedBodyBytesMax } from '../bounds.ts'
import type { UpstreamRequest } from '../upstream.ts'
import { BodySender, type Progress } from './body-sender.ts'

/** Writes the head and what there is of the body; gives who sends the rest, for a body that comes from somewhere else. */
export function writeRequest(
  socket: Socket,
  head: string,
  body: UpstreamRequest['body'],
  progress: Progress,
): BodySender | null {
  if (body === null) {
    socket.write(head, 'latin1')
    return null
  }
  if (!Buffer.isBuffer(body)) return new BodySender(socket, head, body, progress)
  if (body.length > copiedBodyBytesMax) {
    socket.cork()
    socket.write(head, 'latin1')
    socket.write(body)
    socket.uncork()
    return null
  }
  const message = Buffer.allocUnsafe(head.length + body.length)
  message.write(head, 'latin1')
  body.copy(message, head.length)
  socket.write(message)
  return null
}
