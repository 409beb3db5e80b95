/** One WebSocket conversation over a raw socket: what is sent is given byte by byte, and what comes back is written down. */
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { closing, type Frame, framesIn, opcodes } from './frames.ts'

export interface Script {
  readonly path: string
  /** Fields of the handshake beside the usual ones, each with its line end. */
  readonly fields?: string
  /** Bytes behind the handshake, a write each. */
  readonly sends: readonly Buffer[]
  /** Bytes a write, where every write is cut up. */
  readonly pieceBytes?: number
  /** Sends in one go with the handshake, before there is a 101. */
  readonly ahead?: boolean
}

/** How a side ended: `broken`: by a reset. */
export type End = 'ended' | 'broken'

export interface Recording {
  /** Status line and fields of the answer, as they came. */
  readonly head: string
  /** Each frame in a line. */
  readonly frames: readonly string[]
  /** Bytes behind the last whole frame. */
  readonly rest: string
  readonly end: End
}

export const key = 'dGhlIHNhbXBsZSBub25jZQ=='

export function handshake(path: string, fields = ''): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`
  )
}

const headEnd = '\r\n\r\n'

/** Plays a script, answers a Close frame as §5.5.1 asks, then ends; resolves when the other side has ended as well. */
export async function converse(socket: Socket, script: Script): Promise<Recording> {
  const frames: string[] = []
  let head: string | null = null
  let chunks: Buffer[] = []
  let [length, wants] = [0, 0]
  const opened = Promise.withResolvers<void>()
  const onFrame = (frame: Frame): void => {
    frames.push(lineOf(frame))
    if (frame.opcode !== opcodes.close) return
    if (!closes(script)) socket.write(closing(frame.payload.length < 2 ? null : frame.payload.readUInt16BE(0)))
    socket.end()
  }
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length < wants) return
    let buffer: Buffer = Buffer.concat(chunks)
    if (head === null) {
      const at = buffer.indexOf(headEnd)
      if (at === -1) return
      head = buffer.toString('latin1', 0, at + 2)
      buffer = buffer.subarray(at + headEnd.length)
      opened.resolve()
    }
    const read = framesIn(buffer)
    chunks = [read.rest]
    length = read.rest.length
    wants = read.wants
    for (const frame of read.frames) onFrame(frame)
  })
  const end = endOf(socket)
  const asked = Buffer.from(handshake(script.path, script.fields), 'latin1')
  if (script.ahead === true) {
    socket.write(Buffer.concat([asked, ...script.sends]))
  } else {
    socket.write(asked)
    await Promise.race([opened.promise, end])
    await sendAll(socket, script)
  }
  return { end: await end, head: head ?? '', frames, rest: Buffer.concat(chunks).toString('latin1') }
}

async function sendAll(socket: Socket, { sends, pieceBytes = Number.POSITIVE_INFINITY }: Script): Promise<void> {
  for (const bytes of sends) {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      if (!socket.writable) return
      socket.write(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes)))
      if (pieceBytes < bytes.length) await turn()
    }
  }
}

/** Whether the script itself says the last word. */
function closes({ sends }: Script): boolean {
  const last = sends.at(-1)
  return last !== undefined && (last[0] ?? 0) % 16 === opcodes.close
}

/** Resolves once the socket is closed. Ends its own side behind the other's. */
export function endOf(socket: Socket): Promise<End> {
  const { promise, resolve } = Promise.withResolvers<End>()
  let end: End = 'broken'
  socket
    .on('end', () => {
      end = 'ended'
      socket.end()
    })
    .on('error', (error: NodeJS.ErrnoException) => {
      // A write into a side that has closed is the sender's own trouble.
      if (error.code === 'ECONNRESET') end = 'broken'
    })
    .on('close', () => resolve(end))
  return promise
}

function lineOf({ opcode, final, reserved, masked, payload }: Frame): string {
  const flags = `${final ? 'final' : 'more'} reserved ${reserved}${masked ? ' masked' : ''}`
  const short = payload.length <= 130
  const text = short ? payload.toString('latin1') : createHash('sha256').update(payload).digest('hex')
  return `${opcode} ${flags} ${payload.length} ${text}`
}
