/** For tests: an HTTP/2 client that sends frames as they are given, right or wrong (RFC 9113 §4, §6). */
import { once } from 'node:events'
import type { Socket } from 'node:net'

export const type = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
} as const
export const flag = { endStream: 1, ack: 1, endHeaders: 4 } as const

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

const headBytes = 9

export function frame(kind: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(headBytes)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = kind
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export type Fields = readonly (readonly [name: string, value: string])[]

/** Literals without indexing and without Huffman (RFC 7541 §6.2.2), so that any byte can be said. */
export function block(fields: Fields): Buffer {
  return Buffer.concat(fields.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])))
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  return Buffer.concat([integer(bytes.length, 7), bytes])
}

/** RFC 7541 §5.1, its first byte otherwise zero. */
export function integer(value: number, bits: number, first = 0): Buffer {
  const most = 2 ** bits - 1
  if (value < most) return Buffer.from([first | value])
  const bytes = [first | most]
  let rest = value - most
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

/** The head of a request: pseudo fields, then the others. */
export function head(method: string, ...fields: Fields): Buffer {
  return block([[':method', method], [':path', '/'], [':scheme', 'https'], [':authority', 'a'], ...fields])
}

export interface FrameClient extends Disposable {
  readonly socket: Socket
  readonly send: (...frames: Buffer[]) => void
  /** All frames so far. */
  readonly frames: readonly Frame[]
  /** Resolves with the first frame, past or to come, that `is` says yes to; with null where the connection ends before. */
  readonly next: (is: (frame: Frame) => boolean) => Promise<Frame | null>
  readonly closed: Promise<void>
}

/** Sends the preface and empty SETTINGS (RFC 9113 §3.4) on a connection where h2 is agreed. */
export async function frameClient(socket: Socket): Promise<FrameClient> {
  await once(socket, 'secureConnect')
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  let rest = Buffer.alloc(0)
  let ended = false
  const wakeAll = (): void => {
    for (const wake of waiting) wake()
  }
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (let one = readFrame(rest); one !== null; one = readFrame(rest)) {
      frames.push(one)
      rest = rest.subarray(headBytes + one.payload.length)
    }
    wakeAll()
  })
  // Not by `once`, which a reset would reject.
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      ended = true
      wakeAll()
      resolve()
    })
  })
  const send = (...some: Buffer[]): void => void socket.write(Buffer.concat(some))
  send(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(type.settings, 0, 0))
  return {
    socket,
    send,
    frames,
    closed,
    next: (is) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = frames.find(is)
          if (found === undefined && !ended) return
          waiting.delete(look)
          resolve(found ?? null)
        }
        waiting.add(look)
        look()
      }),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

function readFrame(bytes: Buffer): Frame | null {
  if (bytes.length < headBytes) return null
  const length = bytes.readUIntBE(0, 3)
  if (bytes.length < headBytes + length) return null
  return {
    type: bytes[3] ?? 0,
    flags: bytes[4] ?? 0,
    stream: bytes.readUInt32BE(5) & 0x7fffffff,
    payload: bytes.subarray(headBytes, headBytes + length),
  }
}
