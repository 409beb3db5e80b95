/** Makes the frames of a case: a few requests on streams of their own, with fields, framing and frames changed. Repeatable: see
 *  random.ts. */
import type { Field } from '../fields.ts'
import { type Random, randomOf } from '../random.ts'
import { smuggledRequest, targetOf } from '../smuggled.ts'
import { type Frame, flags, payloadBytesMax, types, uint } from './frame.ts'
import { changedFrames } from './frame-changes.ts'
import { blockOf, integer, type Representation } from './hpack.ts'
import { authorities, fields, lengths, methods, paths, schemes } from './spellings.ts'

export interface Http2Case {
  readonly index: number
  /** What the client sends behind its preface and first SETTINGS. */
  readonly frames: readonly Frame[]
  /** The tagged request on the same connection follows at once, or once every stream is settled; never where the client leaves
   *  as soon as it has sent the frames. */
  readonly follows: 'at once' | 'when settled' | 'never'
}

const manners: readonly Http2Case['follows'][] = [
  ...Array.from({ length: 8 }, () => 'at once' as const),
  ...Array.from({ length: 8 }, () => 'when settled' as const),
  'never',
]

export function http2CaseOf(seed: number, index: number): Http2Case {
  const random = randomOf(seed, index)
  const count = random.pick([1, 1, 1, 2, 2, 3])
  const streams = Array.from({ length: count }, (_, n) => framesOf(random, 2 * n + 1, requestOf(random, index, n)))
  const changes = random.pick([0, 0, 0, 0, 0, 0, 1, 1, 2])
  let frames = interleaved(random, streams)
  for (let n = 0; n < changes; n++) frames = changedFrames(random, frames)
  return { index, frames, follows: random.pick(manners) }
}

/** The parts of a request before they become frames. */
interface Parts {
  section: Field[]
  body: string
  /** Null: none. */
  trailers: Field[] | null
}

function requestOf(random: Random, index: number, n: number): Parts {
  const method = random.pick(['GET', 'GET', 'POST', 'POST', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS'])
  const parts: Parts = {
    section: [
      { name: ':method', value: method },
      { name: ':scheme', value: 'https' },
      { name: ':authority', value: 'a' },
      { name: ':path', value: targetOf(random, index, `${n}`) },
      { name: 'x-kept', value: `${n}` },
    ],
    body: '',
    trailers: null,
  }
  if (random.chance(0.7)) withBody(random, parts, smuggledRequest(random, index, n))
  const changes = random.pick([0, 0, 0, 1, 1, 1, 2, 3])
  for (let i = 0; i < changes; i++) change(random, parts)
  return parts
}

/** Longer than a window or a read holds, shorter than what a stream may send unasked. */
const longBodyBytes = 40_000

function withBody(random: Random, parts: Parts, smuggled: string): void {
  parts.body = random.pick([
    smuggled,
    smuggled,
    `0\r\n\r\n${smuggled}`,
    `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
    random.chance(0.1) ? smuggled + 'x'.repeat(longBodyBytes) : smuggled,
    '',
  ])
  const right = { name: 'content-length', value: String(parts.body.length) }
  if (random.chance(0.5)) parts.section.push(right)
  if (random.chance(0.1)) parts.section.push(lengthField(random, parts.body))
  if (random.chance(0.15))
    parts.trailers = random.chance(0.5) ? [{ name: 'x-trailer', value: 'y' }] : [random.pick(fields)]
  else if (random.chance(0.03)) parts.trailers = [right]
}

function lengthField(random: Random, body: string): Field {
  return { name: 'content-length', value: random.pick(lengths).replaceAll('N', String(body.length)) }
}

/** Changes one thing that a request says. */
function change(random: Random, parts: Parts): void {
  const { section } = parts
  const at = random.below(section.length + 1)
  switch (random.below(11)) {
    case 0:
      say(section, ':method', random.pick(methods))
      break
    case 1: {
      const path = section.find(({ name }) => name === ':path')?.value ?? ''
      say(
        section,
        ':path',
        random.pick(paths).replace('T', () => path),
      )
      break
    }
    case 2:
      say(section, ':authority', random.pick(authorities))
      break
    case 3:
      say(section, ':scheme', random.pick(schemes))
      break
    case 4:
      section.splice(random.below(section.length), 1)
      break
    case 5:
      section.splice(at, 0, random.pick(section))
      break
    case 6:
      section.push(lengthField(random, parts.body))
      break
    case 7:
      section.push({ name: 'cookie', value: 'a=1' }, random.pick(fields), { name: 'cookie', value: 'b=2' })
      break
    default:
      // Most stand where fields stand; some before or between the pseudo fields.
      section.splice(random.chance(0.8) ? section.length : at, 0, random.pick(fields))
  }
}

/** Says it in place of what stood there, or in front of the regular fields. */
function say(section: Field[], name: string, value: string): void {
  const at = section.findIndex((one) => one.name === name)
  section.splice(Math.max(at, 0), at === -1 ? 0 : 1, { name, value })
}

function framesOf(random: Random, stream: number, { section, body, trailers }: Parts): Frame[] {
  const ends = body === '' && trailers === null && random.chance(0.8)
  const frames = headerFrames(random, stream, section, ends ? flags.endStream : 0)
  const pieces = piecesOf(random, body)
  for (const [at, piece] of pieces.entries()) {
    const last = trailers === null && at === pieces.length - 1
    frames.push(padded(random, { type: types.data, flags: last ? flags.endStream : 0, stream, payload: piece }))
  }
  if (!ends && pieces.length === 0 && trailers === null)
    frames.push({ type: types.data, flags: flags.endStream, stream, payload: '' })
  if (trailers !== null) frames.push(...headerFrames(random, stream, trailers, flags.endStream))
  return frames
}

const representations: readonly Representation[] = ['plain', 'never', 'indexing', 'huffman', 'named', 'indexed']

function headerFrames(random: Random, stream: number, section: readonly Field[], bits: number): Frame[] {
  const odd = random.chance(0.3)
  let block = blockOf(section, () => (odd ? random.pick(representations) : 'plain'))
  // A table of another size (RFC 7541 §6.3), which stands first.
  if (random.chance(0.03)) block = integer(random.pick([0, 1, 100, 4096]), 5, 0x20) + block
  const cuts = random.chance(0.15) ? [random.below(block.length + 1), random.below(block.length + 1)] : []
  const pieces = cutAt(block, cuts)
  return pieces.map((payload, at): Frame => {
    const end = at === pieces.length - 1 ? flags.endHeaders : 0
    if (at > 0) return { type: types.continuation, flags: end, stream, payload }
    const head = { type: types.headers, flags: bits | end, stream, payload }
    return padded(random, random.chance(0.05) ? prioritised(random, head) : head)
  })
}

function prioritised(random: Random, frame: Frame): Frame {
  const priority = uint(random.pick([0, 0, frame.stream, 99]), 4) + '\x10'
  return { ...frame, flags: frame.flags | flags.priority, payload: priority + frame.payload }
}

function padded(random: Random, frame: Frame): Frame {
  if (!random.chance(0.07)) return frame
  const length = random.pick([0, 1, 16, 255])
  const payload = String.fromCharCode(length) + frame.payload + random.pick(['\0', 'x']).repeat(length)
  return payload.length > payloadBytesMax ? frame : { ...frame, flags: frame.flags | flags.padded, payload }
}

/** The DATA of a body: in one piece or several, empty ones among them. */
function piecesOf(random: Random, body: string): string[] {
  if (body === '') return random.chance(0.2) ? [''] : []
  const cuts: number[] = []
  for (let at = payloadBytesMax; at < body.length; at += payloadBytesMax) cuts.push(at)
  if (random.chance(0.3)) cuts.push(random.below(body.length), random.below(body.length))
  if (random.chance(0.1)) cuts.push(0, body.length)
  return cutAt(body, cuts)
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const at = [0, ...cuts.toSorted((a, b) => a - b), text.length]
  return at.slice(1).map((end, n) => text.slice(at[n] ?? 0, end))
}

/** The frames of all streams in one order, each stream's own kept; a header block in several frames stays together. */
function interleaved(random: Random, streams: readonly Frame[][]): Frame[] {
  const queues = streams.map((frames) => [...frames])
  const all: Frame[] = []
  const mixed = random.chance(0.5)
  while (queues.some((queue) => queue.length > 0)) {
    const full = queues.filter((queue) => queue.length > 0)
    // A stream may not be opened behind one of a higher number.
    const open = full.filter(
      (queue, n) =>
        n === 0 ||
        queue[0]?.type !== types.headers ||
        all.some(({ stream }) => stream === queue[0]?.stream) ||
        opened(queues, all, queue),
    )
    const queue = mixed ? random.pick(open) : (full[0] ?? [])
    do all.push(...queue.splice(0, 1))
    while (queue[0]?.type === types.continuation)
  }
  return all
}

/** Whether every stream of a lower number has begun. */
function opened(queues: readonly (readonly Frame[])[], all: readonly Frame[], queue: readonly Frame[]): boolean {
  return queues.slice(0, queues.indexOf(queue)).every((_, n) => all.some(({ stream }) => stream === 2 * n + 1))
}
