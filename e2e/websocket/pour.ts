/** A writer that fills whatever takes its bytes, for a reader that does not read. */
import type { Socket } from 'node:net'

const pieceBytes = 65_536
/** Nothing tells a writer that nothing more will be taken: it is stuck when so long has brought nothing. */
const stuckAfterMs = 100

export interface Poured {
  /** Resolves when nothing more is taken, or all is. */
  readonly stuck: Promise<void>
  /** Bytes that the socket has taken. */
  readonly written: () => number
}

/** Writes so many bytes, at the pace at which they are taken, then ends. */
export function pour(socket: Socket, totalBytes: number): Poured {
  const { promise: stuck, resolve } = Promise.withResolvers<void>()
  const piece = Buffer.alloc(pieceBytes, 'x')
  let given = 0
  const more = (): void => {
    while (given < totalBytes) {
      given += piece.length
      if (!socket.write(piece)) return
    }
    socket.end()
  }
  socket.on('drain', more)
  more()
  const written = (): number => given - socket.writableLength
  let seen = -1
  const look = setInterval(() => {
    if (written() === seen) {
      clearInterval(look)
      resolve()
    }
    seen = written()
  }, stuckAfterMs)
  return { stuck, written }
}
