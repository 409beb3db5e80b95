/** What is said in the conversations, in the groups that public WebSocket test suites have: framing, pings, reserved bits, opcodes, fragments. A row
 *  says what a server must answer, so that one in which nothing happens does not pass for equal. */
import { closing, frame, opcodes } from './frames.ts'

export interface Scenario {
  readonly name: string
  /** `/echo` where absent. */
  readonly path?: string
  readonly fields?: string
  readonly sends: readonly Buffer[]
  readonly pieceBytes?: number
  readonly ahead?: boolean
  /** Messages that come back whole. */
  readonly echoes: number
  /** Of the Close frame that comes back; null: it has no code. */
  readonly code: number | null
  readonly pongs?: number
}

const { text, binary, continuation, ping, pong } = opcodes
const bye = closing(1000)
export const normal = 1000
export const protocolError = 1002

const said = (payload: string | Buffer, final = true): Buffer => frame({ opcode: text, payload, final })
const more = (payload: string | Buffer, final: boolean): Buffer => frame({ opcode: continuation, payload, final })

const framing: Scenario[] = [text, binary].flatMap((opcode) => [
  ...[0, 1, 125, 126, 127, 128, 65_535, 65_536].map((bytes) => ({
    name: `a message of kind ${opcode} and ${bytes} bytes`,
    sends: [frame({ opcode, payload: Buffer.alloc(bytes, '*') }), bye],
    echoes: 1,
    code: normal,
  })),
  {
    name: `65536 bytes of kind ${opcode} in pieces of 997`,
    sends: [frame({ opcode, payload: Buffer.alloc(65_536, '*') }), bye],
    pieceBytes: 997,
    echoes: 1,
    code: normal,
  },
  ...([3, 9] as const).map((lengthBytes) => ({
    name: `a length of kind ${opcode} in more bytes than it needs (${lengthBytes})`,
    sends: [frame({ opcode, payload: 'a', lengthBytes }), bye],
    echoes: 1,
    code: normal,
  })),
  {
    name: `a message of kind ${opcode} without a mask`,
    sends: [frame({ opcode, payload: 'a', masked: false })],
    echoes: 0,
    code: protocolError,
  },
])

const pings: Scenario[] = [
  { name: 'a ping without payload', sends: [frame({ opcode: ping }), bye], pongs: 1 },
  { name: 'a ping with text', sends: [frame({ opcode: ping, payload: 'hello' }), bye], pongs: 1 },
  { name: 'a ping with bytes', sends: [frame({ opcode: ping, payload: Buffer.from([0, 255, 254]) }), bye], pongs: 1 },
  { name: 'a ping of 125 bytes', sends: [frame({ opcode: ping, payload: Buffer.alloc(125, 1) }), bye], pongs: 1 },
  {
    name: 'a ping of 125 bytes, byte by byte',
    sends: [frame({ opcode: ping, payload: Buffer.alloc(125, 1) }), bye],
    pieceBytes: 1,
    pongs: 1,
  },
  {
    name: 'a ping of 126 bytes',
    sends: [frame({ opcode: ping, payload: Buffer.alloc(126, 1) })],
    code: protocolError,
    pongs: 0,
  },
  { name: 'a ping in two frames', sends: [frame({ opcode: ping, final: false })], code: protocolError, pongs: 0 },
  { name: 'a pong that nobody asked for', sends: [frame({ opcode: pong, payload: 'hm' }), bye], pongs: 0 },
  { name: 'ten pings at once', sends: [Buffer.concat([...tenPings()]), bye], pongs: 10 },
  { name: 'ten pings byte by byte', sends: [Buffer.concat([...tenPings()]), bye], pieceBytes: 1, pongs: 10 },
].map((row) => ({ echoes: 0, code: normal, ...row }))

function* tenPings(): Generator<Buffer> {
  for (let i = 0; i < 10; i++) yield frame({ opcode: ping, payload: `ping ${i}` })
}

const reserved: Scenario[] = [1, 2, 3, 4, 5, 6, 7].flatMap((bits) =>
  [text, binary, ping, opcodes.close].map((opcode) => ({
    name: `reserved bits ${bits} on kind ${opcode}, behind a good message`,
    sends: [said('good'), frame({ opcode, payload: '', reserved: bits })],
    echoes: 1,
    code: protocolError,
  })),
)

const unknown: Scenario[] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) =>
  ['', 'payload'].map((payload) => ({
    name: `opcode ${opcode} with ${payload.length} bytes, behind a good message`,
    sends: [said('good'), frame({ opcode, payload })],
    echoes: 1,
    code: protocolError,
  })),
)

const inThree = [said('fra', false), more('gmen', false), more('ts', true)]
const fragments: Scenario[] = [
  { name: 'a message in two frames', sends: [said('frag', false), more('ments', true), bye] },
  { name: 'a message in three frames, together', sends: [Buffer.concat(inThree), bye] },
  { name: 'a message in three frames, byte by byte', sends: [Buffer.concat(inThree), bye], pieceBytes: 1 },
  { name: 'empty fragments alone', sends: [said('', false), more('', false), more('', true), bye] },
  {
    name: 'a ping between fragments',
    sends: [said('frag', false), frame({ opcode: ping, payload: 'x' }), more('ments', true), bye],
    pongs: 1,
  },
  { name: 'a continuation of nothing', sends: [more('x', true)], echoes: 0, code: protocolError },
  { name: 'a continuation of nothing, open', sends: [more('x', false)], echoes: 0, code: protocolError },
  { name: 'a continuation behind a whole message', sends: [said('a'), more('b', true)], code: protocolError },
  {
    name: 'a new message before the last is whole',
    sends: [said('a', false), said('b')],
    echoes: 0,
    code: protocolError,
  },
  {
    name: 'a Close between fragments',
    sends: [said('a', false), bye],
    echoes: 0,
  },
  {
    name: 'a message in 1000 frames',
    sends: [Buffer.concat([said('', false), ...Array(998).fill(more('y', false)), more('', true)]), bye],
  },
].map((row) => ({ echoes: 1, code: normal, ...row }))

const early: Scenario[] = [
  { name: 'a message sent ahead of the 101', sends: [said('early'), bye], ahead: true, echoes: 1, code: normal },
  {
    name: '256 KiB sent ahead of the 101',
    sends: [...Array(4).fill(said(Buffer.alloc(65_536, 'e'))), bye],
    ahead: true,
    echoes: 4,
    code: normal,
  },
]

export const scenarios: readonly Scenario[] = [...framing, ...pings, ...reserved, ...unknown, ...fragments, ...early]
