/** A client's end of an HTTP/2 connection over TLS: sends frames as they are, keeps the windows (RFC 9113 §5.2), reads the answers
 *  strictly. */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls'
import type { Door } from '../front.ts'
import { type Frame, flags, frameAt, preface, types, uint, uintAt, written } from './frame.ts'
import { headerDecoder } from './hpack.ts'
import { initialWindowSetting, sendQueue } from './send-queue.ts'
import { type StreamAnswer, streamAnswers } from './stream-answers.ts'

export interface ClientEvents {
  readonly onAnswer: (stream: number, answer: StreamAnswer) => void
  readonly onReset: (stream: number, code: number) => void
  /** The server will take no new stream. */
  readonly onGoaway: (code: number) => void
  /** The server sent what no server may send. */
  readonly onWrong: (what: string) => void
  readonly onClose: () => void
}

export interface Http2Client {
  /** Sends frames in order; DATA waits for its windows, and everything behind it waits too. Bytes that are no DATA of a stream that
   *  the server has ended are sent. */
  readonly send: (frames: readonly Frame[]) => void
  /** Resolves once all frames are out. */
  readonly drained: () => Promise<void>
  readonly close: () => void
}

/** Room enough for every answer of a case, so that none waits for us. */
const windowBytes = 0x10_0000

export function openHttp2({ port, secure }: Door, events: ClientEvents): Http2Client {
  const tcp = connectTcp({ port, host: '127.0.0.1', noDelay: true })
  const socket = secure ? underTls(tcp) : tcp
  /** Past what waits. */
  const now = (frame: Frame): void => void socket.write(written(frame), 'latin1')
  const queue = sendQueue((bytes) => void socket.write(bytes, 'latin1'))
  const answers = streamAnswers(headerDecoder(), {
    onAnswer(stream, answer) {
      queue.ended(stream)
      events.onAnswer(stream, answer)
    },
    onReset(stream, code) {
      queue.ended(stream)
      events.onReset(stream, code)
    },
  })
  const onFrame = (frame: Frame): void => {
    switch (frame.type) {
      case types.settings:
        if ((frame.flags & flags.ack) !== 0) return
        queue.settings(frame.payload)
        now({ type: types.settings, flags: flags.ack, stream: 0, payload: '' })
        return
      case types.ping:
        if ((frame.flags & flags.ack) === 0) now({ ...frame, flags: flags.ack })
        return
      case types.windowUpdate:
        queue.window(frame.stream, uintAt(frame.payload, 0, 4))
        return
      case types.goaway:
        events.onGoaway(uintAt(frame.payload, 4, 4))
        return
      default:
        answers.take(frame)
    }
  }
  let held = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    held += text
    try {
      let at = 0
      for (let next = frameAt(held, 0); next !== null; next = frameAt(held, at)) {
        at = next.end
        onFrame(next.frame)
      }
      held = held.slice(at)
    } catch (error) {
      events.onWrong((error as Error).message)
      socket.destroy()
    }
  })
  socket.on('error', () => socket.destroy())
  tcp.on('error', () => socket.destroy())
  let closed = false
  socket.once('close', () => {
    closed = true
    queue.close()
    events.onClose()
  })
  socket.write(preface, 'latin1')
  now({ type: types.settings, flags: 0, stream: 0, payload: uint(initialWindowSetting, 2) + uint(windowBytes, 4) })
  now({ type: types.windowUpdate, flags: 0, stream: 0, payload: uint(windowBytes, 4) })
  return {
    send(frames) {
      if (!closed) queue.add(frames)
    },
    drained: queue.drained,
    close: () => void socket.destroy(),
  }
}

/** One for all: making one costs more than a handshake. */
const context = createSecureContext({ ecdhCurve: 'X25519' })

function underTls(socket: Socket): TLSSocket {
  const secured = connectTls({
    socket,
    secureContext: context,
    servername: 'localhost',
    ALPNProtocols: ['h2'],
    // The certificate is the edge's own; what is under test stands behind the handshake.
    rejectUnauthorized: false,
  })
  // Another protocol would read frames as nonsense, and close: the suite would find nothing but that.
  secured.once('secureConnect', () => {
    if (secured.alpnProtocol !== 'h2') secured.destroy(new Error('the server does not choose h2'))
  })
  return secured
}
