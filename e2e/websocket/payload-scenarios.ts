/** What is said in the conversations, continued: text that is UTF-8 or not, ways to close, sizes, compression. */
import { deflateRawSync, constants as zlib } from 'node:zlib'
import { closing, frame, opcodes } from './frames.ts'
import { messageBytesMax } from './peer.ts'
import { normal, protocolError, type Scenario } from './scenarios.ts'

const { text, binary, continuation } = opcodes
const bye = closing(normal)
const badData = 1007
const tooBig = 1009

const good = ['κόσμε', 'Hello-µ@ßöäüàá-UTF-8!!', '\u0000', '\ud7ff\ue000\ufffd\uffff', '\u{10ffff}', '\ufeffmark']
/** RFC 3629 §3 and §10: broken off, overlong, surrogates, beyond U+10FFFF, bytes that never occur. */
const bad = [
  ...['ce', 'cebae1bd', 'c080', 'c1bf', 'e09fbf', 'f08fbfbf', 'eda080', 'edbfbf', 'eda080edb080'],
  ...['f4908080', 'f888808080', 'fc8480808080', '80', 'bf', 'fe', 'ff', '61c3', '61ffff62'],
]

const utf8: readonly Scenario[] = [
  ...good.flatMap((payload) => {
    const bytes = Buffer.from(payload)
    const [first, rest] = [bytes.subarray(0, 1), bytes.subarray(1)]
    const whole = { name: `text ${JSON.stringify(payload)}`, sends: [frame({ opcode: text, payload }), bye] }
    const cut = [
      frame({ opcode: text, payload: first, final: false }),
      frame({ opcode: continuation, payload: rest }),
      bye,
    ]
    return [whole, { name: `${whole.name}, cut inside a character`, sends: cut }].map((row) => ({
      ...row,
      echoes: 1,
      code: normal,
    }))
  }),
  ...bad.flatMap((hex) => {
    const payload = Buffer.from(hex, 'hex')
    return [
      { name: `text that is not UTF-8: ${hex}`, sends: [frame({ opcode: text, payload })], echoes: 0, code: badData },
      { name: `a Close that is not UTF-8: ${hex}`, sends: [closing(normal, payload)], echoes: 0, code: badData },
      {
        name: `bytes that are not UTF-8: ${hex}`,
        sends: [frame({ opcode: binary, payload }), bye],
        echoes: 1,
        code: normal,
      },
    ]
  }),
]

const closes: readonly Scenario[] = [
  { name: 'a Close without code', sends: [closing(null)], code: null },
  { name: 'a Close with a reason', sends: [closing(normal, 'good bye')], code: normal },
  { name: 'a Close with a reason of 123 bytes', sends: [closing(normal, '*'.repeat(123))], code: normal },
  { name: 'a Close with a reason of 124 bytes', sends: [closing(normal, '*'.repeat(124))], code: protocolError },
  { name: 'a Close of one byte', sends: [frame({ opcode: opcodes.close, payload: 'x' })], code: protocolError },
  { name: 'a Close in two frames', sends: [frame({ opcode: opcodes.close, final: false })], code: protocolError },
  { name: 'two Closes', sends: [Buffer.concat([bye, bye])], code: normal },
  {
    name: 'a message behind a Close',
    sends: [Buffer.concat([bye, frame({ opcode: text, payload: 'x' }), bye])],
    code: normal,
  },
  ...[1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => ({
    name: `a Close with code ${code}`,
    sends: [closing(code)],
    code,
  })),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => ({
    name: `a Close with code ${code}, which nobody may send`,
    sends: [closing(code)],
    code: protocolError,
  })),
].map((row) => ({ echoes: 0, ...row }))

const KiB = 1024

const sizes: readonly Scenario[] = [
  ...[256 * KiB, 1024 * KiB, messageBytesMax].map((bytes) => ({
    name: `a message of ${bytes} bytes`,
    sends: [frame({ opcode: binary, payload: Buffer.alloc(bytes, 'z') }), bye],
    echoes: 1,
    code: normal,
  })),
  {
    name: 'a message of 1 MiB in fragments of 4 KiB',
    sends: [
      frame({ opcode: binary, payload: Buffer.alloc(4 * KiB, 'z'), final: false }),
      ...Array(254).fill(frame({ opcode: continuation, payload: Buffer.alloc(4 * KiB, 'z'), final: false })),
      frame({ opcode: continuation, payload: Buffer.alloc(4 * KiB, 'z') }),
      bye,
    ],
    echoes: 1,
    code: normal,
  },
  {
    name: '1 MiB in writes of 64 KiB less one',
    sends: [frame({ opcode: text, payload: Buffer.alloc(1024 * KiB, 'z') }), bye],
    pieceBytes: 64 * KiB - 1,
    echoes: 1,
    code: normal,
  },
  {
    name: '500 small messages at once',
    sends: [
      Buffer.concat(Array.from({ length: 500 }, (_, i) => frame({ opcode: text, payload: `message ${i}` }))),
      bye,
    ],
    echoes: 500,
    code: normal,
  },
  ...[BigInt(messageBytesMax) + 1n, 2n ** 53n, 2n ** 63n - 1n].map((claims) => ({
    name: `a frame that claims ${claims} bytes`,
    sends: [frame({ opcode: binary, lengthBytes: 9, claims })],
    echoes: 0,
    code: tooBig,
  })),
]

/** A message as RFC 7692 §7.2.1 has it. It leans on no message before, which any server must take. */
function deflated(payload: string | Buffer, final = true): Buffer {
  const bytes = deflateRawSync(payload, { finishFlush: zlib.Z_SYNC_FLUSH })
  return frame({ opcode: text, payload: bytes.subarray(0, -4), reserved: 4, final })
}

const offer = (parameters = ''): string => `Sec-WebSocket-Extensions: permessage-deflate${parameters}\r\n`
const long = 'the quick brown fox '.repeat(2000)
const halves = deflateRawSync(long, { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, -4)
const compressed: readonly Scenario[] = [
  ...['/deflate', '/careful'].flatMap((path) =>
    ['', '; client_no_context_takeover', '; server_no_context_takeover', '; client_max_window_bits'].map(
      (parameters) => ({
        name: `${path}, offered with "${parameters}": compressed, plain and empty messages`,
        path,
        fields: offer(parameters),
        sends: [
          deflated('one'),
          deflated(long),
          frame({ opcode: text, payload: 'plain' }),
          deflated(''),
          deflated(long),
          bye,
        ],
        echoes: 5,
        code: normal,
      }),
    ),
  ),
  {
    name: 'a compressed message in two frames, the second without the bit',
    sends: [
      frame({ opcode: text, payload: halves.subarray(0, 30), reserved: 4, final: false }),
      frame({ opcode: continuation, payload: halves.subarray(30) }),
      bye,
    ],
    echoes: 1,
    code: normal,
  },
  {
    name: 'the compressed bit on a continuation',
    sends: [
      frame({ opcode: text, payload: halves.subarray(0, 30), reserved: 4, final: false }),
      frame({ opcode: continuation, payload: halves.subarray(30), reserved: 4 }),
    ],
    echoes: 0,
    code: protocolError,
  },
  {
    name: 'bytes that do not decompress',
    sends: [frame({ opcode: text, payload: Buffer.from('ffffffff', 'hex'), reserved: 4 })],
    echoes: 0,
    code: badData,
  },
  {
    name: 'a bomb: 8 MiB in a few KiB',
    sends: [deflated(Buffer.alloc(2 * messageBytesMax))],
    echoes: 0,
    code: tooBig,
  },
].map((row) => ({ path: '/deflate', fields: offer(), ...row }))

export const payloadScenarios: readonly Scenario[] = [...utf8, ...closes, ...sizes, ...compressed]
