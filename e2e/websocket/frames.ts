/** WebSocket frames as bytes, legal or not (RFC 6455 §5.2): the writer puts what it is told into each bit, the reader refuses nothing.
 *
 *  | bits | what                                                      |
 *  |------|-----------------------------------------------------------|
 *  | 1    | FIN: the last of its message                              |
 *  | 3    | RSV1 to RSV3; RSV1: compressed (RFC 7692 §6)              |
 *  | 4    | opcode                                                    |
 *  | 1    | masked: always from a client, never from a server         |
 *  | 7    | length; 126: in the next 16 bits, 127: in the next 64     |
 *  | 32   | the mask, where masked                                    | */

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface FrameBits {
  readonly opcode: number
  readonly payload?: string | Buffer
  readonly final?: boolean
  /** 0 to 7. */
  readonly reserved?: number
  readonly masked?: boolean
  /** Bytes that say the length: the fewest, where absent. */
  readonly lengthBytes?: 1 | 3 | 9
  /** What the length says, where that is not the payload's. */
  readonly claims?: bigint
}

const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d])

export function frame(bits: FrameBits): Buffer {
  const { opcode, final = true, reserved = 0, masked = true } = bits
  const payload = typeof bits.payload === 'string' ? Buffer.from(bits.payload) : (bits.payload ?? Buffer.alloc(0))
  const lengthBytes = bits.lengthBytes ?? (payload.length < 126 ? 1 : payload.length < 65_536 ? 3 : 9)
  const length = bits.claims ?? BigInt(payload.length)
  const head = Buffer.alloc(1 + lengthBytes)
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode
  head[1] = (masked ? 0x80 : 0) | (lengthBytes === 1 ? Number(length) : lengthBytes === 3 ? 126 : 127)
  if (lengthBytes === 3) head.writeUInt16BE(Number(length), 2)
  if (lengthBytes === 9) head.writeBigUInt64BE(length, 2)
  if (!masked) return Buffer.concat([head, payload])
  const hidden = Buffer.from(payload)
  for (let i = 0; i < hidden.length; i++) hidden[i] = (hidden[i] ?? 0) ^ (mask[i % 4] ?? 0)
  return Buffer.concat([head, mask, hidden])
}

/** A Close frame (§5.5.1); `code` null: without one. */
export function closing(code: number | null, reason: string | Buffer = ''): Buffer {
  if (code === null) return frame({ opcode: opcodes.close })
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)])
  return frame({ opcode: opcodes.close, payload })
}

export interface Frame {
  readonly opcode: number
  readonly final: boolean
  readonly reserved: number
  readonly masked: boolean
  readonly payload: Buffer
}

export interface FramesIn {
  readonly frames: readonly Frame[]
  readonly rest: Buffer
  /** What `rest` must grow to before another look can find more. */
  readonly wants: number
}

/** Takes the whole frames from the front of `bytes`. */
export function framesIn(bytes: Buffer): FramesIn {
  const frames: Frame[] = []
  let rest = bytes
  for (;;) {
    const wants = frameBytes(rest)
    if (rest.length < wants) return { frames, rest, wants }
    const [first, second] = [rest.readUInt8(0), rest.readUInt8(1)]
    const payload = rest.subarray(headBytes(second), wants)
    const reserved = (first >> 4) & 7
    frames.push({ opcode: first & 0xf, final: first >= 0x80, reserved, masked: second >= 0x80, payload })
    rest = rest.subarray(wants)
  }
}

/** Of the frame at the front of `bytes`, as far as these say. */
function frameBytes(bytes: Buffer): number {
  if (bytes.length < 2) return 2
  const second = bytes.readUInt8(1)
  const short = second & 0x7f
  const head = headBytes(second)
  if (bytes.length < head || short < 126) return short < 126 ? head + short : head
  return head + (short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)))
}

function headBytes(second: number): number {
  const short = second & 0x7f
  return (short < 126 ? 2 : short === 126 ? 4 : 10) + (second >= 0x80 ? 4 : 0)
}
