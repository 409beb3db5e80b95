/** Makes the payload of a case: a few requests built from a grammar, with spellings and bytes changed. Repeatable: see random.ts. */

import { chunkedLines, chunkLines, lastChunks, lengthLines, lineEnds } from './framing-spellings.ts'
import { fieldLines, methods, oddBytes, targets, versions } from './message-spellings.ts'
import { type Random, randomOf } from './random.ts'
import { smuggledRequest, targetOf } from './smuggled.ts'

export interface Case {
  readonly index: number
  /** What the client sends first, latin1. */
  readonly payload: string
  /** Where the payload is cut into writes, ascending. */
  readonly cuts: readonly number[]
  /** The tagged request on the same connection follows at once, or once the payload is answered; never where the client
   *  leaves as soon as it has sent the payload. */
  readonly follows: 'at once' | 'when answered' | 'never'
}

const manners: readonly Case['follows'][] = [
  ...Array.from({ length: 8 }, () => 'at once' as const),
  ...Array.from({ length: 8 }, () => 'when answered' as const),
  'never',
]

export function caseOf(seed: number, index: number): Case {
  const random = randomOf(seed, index)
  const count = random.pick([1, 1, 1, 1, 2, 2, 3])
  let payload = ''
  for (let n = 0; n < count; n++) payload += request(random, index, n)
  const changes = random.pick([0, 0, 0, 0, 0, 1, 1, 2])
  for (let n = 0; n < changes; n++) payload = changedBytes(random, payload)
  return {
    index,
    payload,
    cuts: random.chance(0.1) ? cutsIn(random, payload.length) : [],
    follows: random.pick(manners),
  }
}

/** The parts of a request before they are joined, so that each can be misspelt alone. */
interface Parts {
  method: string
  target: string
  version: string
  /** Field lines without their ends. */
  lines: string[]
  body: string
}

/** How a body is framed, or misframed. */
type Shape = (random: Random, parts: Parts, smuggled: string) => void

/** A message with a body carries a whole request in it, or the beginning of one that eats what follows. */
const shapes: readonly Shape[] = [
  function none() {},
  function none() {},
  function rightLength(_random, parts, smuggled) {
    parts.lines.push(`Content-Length: ${smuggled.length}`)
    parts.body = smuggled
  },
  function rightChunks(_random, parts, smuggled) {
    parts.lines.push('Transfer-Encoding: chunked')
    parts.body = `${chunk(smuggled)}${lastChunks[0]}`
  },
  function oddLength(random, parts, smuggled) {
    parts.lines.push(filled(random.pick(lengthLines), String(smuggled.length)))
    parts.body = smuggled
  },
  function oddChunks(random, parts, smuggled) {
    parts.lines.push(random.pick(chunkedLines))
    parts.body = random.chance(0.5) ? oddlyChunked(random, smuggled) : `${chunk('a=b')}${lastChunks[0]}${smuggled}`
  },
  function oddChunksAlone(random, parts, smuggled) {
    parts.lines.push('Transfer-Encoding: chunked')
    parts.body = oddlyChunked(random, smuggled)
  },
  /** CL.TE: by its length all of it is body, by its chunks the request stands behind the body. */
  function lengthThenChunks(random, parts, smuggled) {
    parts.body = `${random.pick(lastChunks)}${smuggled}`
    const lines = [filled(random.pick(lengthLines), String(parts.body.length)), random.pick(chunkedLines)]
    parts.lines.push(...(random.chance(0.5) ? lines : lines.reverse()))
  },
  /** TE.CL: by its chunks all of it is body, by its length the request stands behind the first chunk's line. */
  function chunksThenLength(random, parts, smuggled) {
    parts.body = `${chunk(smuggled)}${random.pick(lastChunks)}`
    const length = String(parts.body.indexOf('\n') + 1)
    const lines = [filled(random.pick(lengthLines), length), random.pick(chunkedLines)]
    parts.lines.push(...(random.chance(0.5) ? lines : lines.reverse()))
  },
  /** TE.TE: two spellings, of which each parser may take another. */
  function twoCodings(random, parts, smuggled) {
    parts.lines.push(random.pick(chunkedLines), random.pick(chunkedLines))
    parts.body = `${random.pick(lastChunks)}${smuggled}`
    if (random.chance(0.5)) parts.lines.push(filled(random.pick(lengthLines), String(parts.body.length)))
  },
  /** 0.CL and CL.0: a length that one side does not see, a request where the other sees none. */
  function wrongLength(random, parts, smuggled) {
    const length = Math.max(0, smuggled.length + random.pick([-1, 1, -2, 2, -8, 8, 1000]))
    parts.lines.push(filled(random.pick(lengthLines), String(length)))
    parts.body = smuggled
  },
  function expected(random, parts, smuggled) {
    parts.lines.push('Expect: 100-continue', `Content-Length: ${smuggled.length}`)
    parts.body = random.chance(0.5) ? smuggled : ''
  },
  function upgrade(random, parts, smuggled) {
    parts.lines.push('Connection: upgrade', `Upgrade: ${random.pick(['x', 'websocket', 'h2c', 'TLS/1.0'])}`)
    parts.body = smuggled
  },
  /** Longer than a forwarder holds: it streams, and may be answered before it is here. */
  function long(random, parts, smuggled) {
    if (!random.chance(longBodyShare)) return
    parts.method = 'POST'
    if (random.chance(0.5)) parts.target = parts.target.replace(/\w+$/, 'early')
    // Not requests throughout: misread, they would be a million.
    const body = smuggled + 'x'.repeat(random.pick(longBodyBytes)) + smuggled
    const chunked = random.chance(0.5)
    parts.lines.push(chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`)
    parts.body = chunked ? `${chunk(body)}${random.pick(lastChunks)}` : body
  },
]

/** More than one read brings; more than the edge reads. */
const longBodyBytes: readonly number[] = [70_000, 70_000, 70_000, 70_000, 900_000, 2_000_000]
/** They are dear, and few of them say as much as many. */
const longBodyShare = 0.05

function request(random: Random, index: number, n: number): string {
  const parts: Parts = {
    method: random.pick(['GET', 'GET', 'POST', 'POST', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS']),
    target: targetOf(random, index, `${n}`),
    version: 'HTTP/1.1',
    lines: ['Host: a', `X-Kept: ${n}`],
    body: '',
  }
  random.pick(shapes)(random, parts, smuggledRequest(random, index, n))
  const changes = random.pick([0, 0, 1, 1, 1, 2, 3])
  for (let i = 0; i < changes; i++) change(random, parts)
  return joined(random, parts)
}

function change(random: Random, parts: Parts): void {
  switch (random.below(6)) {
    case 0:
      parts.method = random.pick(methods)
      break
    case 1:
      parts.target = random.pick(targets).replace('T', () => parts.target)
      break
    case 2:
      parts.version = random.pick(versions)
      break
    case 3: {
      const twice = random.pick(parts.lines)
      parts.lines.splice(random.below(parts.lines.length), 0, twice)
      break
    }
    default:
      parts.lines.splice(random.below(parts.lines.length + 1), 0, random.pick(fieldLines))
  }
}

function joined(random: Random, { method, target, version, lines, body }: Parts): string {
  const before = random.chance(0.02) ? random.pick(['\r\n', '\n', '\r', '\r\n\r\n', ' ', '\x00']) : ''
  const space = (): string => (random.chance(0.01) ? random.pick(['  ', '\t', '', '\x0b', ' \t']) : ' ')
  const end = (): string => (random.chance(0.01) ? random.pick(lineEnds) : '\r\n')
  const start = `${before}${method}${space()}${target}${version === '' ? '' : space()}${version}${end()}`
  return `${start}${lines.map((line) => line + end()).join('')}${end()}${body}`
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

function oddlyChunked(random: Random, text: string): string {
  const line = filled(random.pick(chunkLines), text.length.toString(16))
  const lineEnd = random.chance(0.1) ? random.pick(lineEnds) : '\r\n'
  const dataEnd = random.chance(0.2) ? random.pick(lineEnds) : '\r\n'
  return `${line}${lineEnd}${text}${dataEnd}${random.chance(0.5) ? lastChunks[0] : random.pick(lastChunks)}`
}

function filled(line: string, number: string): string {
  return line.replaceAll('N', number)
}

/** Writes an odd byte, takes some away, or says some twice. */
function changedBytes(random: Random, text: string): string {
  // Line ends are where parsers differ most, so half of all changes are there.
  const ends = [...text.slice(0, 2000).matchAll(/\r\n/g)].map((found) => found.index)
  const at = ends.length > 0 && random.chance(0.5) ? random.pick(ends) + random.below(3) : random.below(text.length + 1)
  const length = random.pick([0, 1, 1, 1, 2, 4, 16])
  switch (random.below(3)) {
    case 0:
      return text.slice(0, at) + random.pick(oddBytes) + text.slice(at + random.below(2))
    case 1:
      return text.slice(0, at) + text.slice(at + length)
    default:
      return text.slice(0, at + length) + text.slice(at)
  }
}

function cutsIn(random: Random, length: number): number[] {
  const cuts = new Set(Array.from({ length: 1 + random.below(4) }, () => random.below(length)))
  return [...cuts].sort((a, b) => a - b)
}
