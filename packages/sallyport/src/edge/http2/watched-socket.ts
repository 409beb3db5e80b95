/** A connection whose frames are watched on their way between its socket and Node's session. */
import { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { type Breaches, frameRules } from './frame-rules.ts'
import { frameScanner } from './frames.ts'

const prefaceBytes = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length

/** The other end of `socket`, for a session; errors and the end go both ways, and each side waits for the other's reader. */
export function watchedSocket(socket: TLSSocket, breaches: Breaches): Duplex {
  const { fromClient, toClient } = frameRules(breaches)
  const receive = frameScanner(prefaceBytes, fromClient)
  const send = frameScanner(0, toClient)
  let onRoom: (() => void) | null = null
  const write = (bytes: Buffer, done: () => void): void => {
    send(bytes)
    if (socket.write(bytes)) done()
    else onRoom = done
  }
  const watched = new Duplex({
    allowHalfOpen: false,
    read: () => void socket.resume(),
    write: (bytes: Buffer, _encoding, done) => write(bytes, done),
    writev: (chunks, done) => write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    final(done) {
      socket.end()
      done()
    },
    destroy(error, done) {
      // What has been written goes out first: a GOAWAY says why.
      socket.destroySoon()
      done(error)
    },
  })
  socket.on('data', (chunk: Buffer) => {
    const passed = receive(chunk)
    if (passed.length > 0 && !watched.push(passed)) socket.pause()
  })
  socket.on('drain', () => {
    const then = onRoom
    onRoom = null
    then?.()
  })
  socket.once('end', () => watched.push(null))
  socket.once('error', (error) => watched.destroy(error))
  socket.once('close', () => watched.destroy())
  return watched
}
