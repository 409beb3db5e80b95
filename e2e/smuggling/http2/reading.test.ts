import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Frame, flags, types, uint, written } from './frame.ts'
import { http2CaseOf } from './generator.ts'
import { blockOf } from './hpack.ts'
import { readFrames } from './reading.ts'
import { messagesOf } from './stream.ts'

type Fields = readonly (readonly [string, string])[]

const line: Fields = [
  [':method', 'POST'],
  [':scheme', 'https'],
  [':authority', 'a'],
  [':path', '/p'],
]
const { endHeaders, endStream, padded } = flags
const frame = (type: number, bits: number, stream: number, payload: string): Frame => ({
  type,
  flags: bits,
  stream,
  payload,
})
const head = (fields: Fields, bits: number = endHeaders | endStream, stream = 1): Frame =>
  frame(types.headers, bits, stream, blockOf(fields.map(([name, value]) => ({ name, value }))))
const data = (payload: string, bits: number = endStream): Frame => frame(types.data, bits, 1, payload)
const read = (...frames: Frame[]) => readFrames(frames.map(written).join(''))
const having = (name: string, value: string): Fields => line.map(([n, v]) => [n, n === name ? value : v])

const malformed: readonly Fields[] = [
  line.slice(1),
  [...line, [':path', '/q']],
  [['x', 'y'], ...line],
  [...line, [':status', '200']],
  [...line, [':protocol', 'websocket']],
  ...['', 'a', '*', '/a b', '/a\r\n', '/\xff', '/#', 'https://a/'].map((path) => having(':path', path)),
  ...['', 'CONNECT', 'G ET', 'GET\r\nX: y'].map((method) => having(':method', method)),
  ...['', 'me@a', 'a b', 'a/b', 'a\r\n'].map((authority) => having(':authority', authority)),
  ...['', 'ftp', 'https '].map((scheme) => having(':scheme', scheme)),
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'X-A', 'te'].map(
    (name): Fields => [...line, [name, 'x']],
  ),
  [...line, ['host', 'b']],
  [...line, ['content-length', '1']],
  [...line, ['content-length', '0'], ['content-length', '0']],
  [...line, ['content-length', '0x0']],
  [...line, ['content_length', '0']],
]
for (const fields of malformed) {
  test(`a request of ${JSON.stringify(fields)} may not arrive, and is owed a refusal`, () => {
    const { streams, mayEnd } = read(head(fields))
    assert.deepEqual([streams[0]?.state, mayEnd], ['malformed', null])
    assert.deepEqual(messagesOf(streams), [])
  })
}

test('what may arrive is the request in HTTP/1.1’s words', () => {
  const crumbs: Fields = [...line, ['cookie', 'a=1'], ['x', 'y'], ['host', 'A'], ['cookie', 'b=2'], ['bad\r\n', 'z']]
  const [message] = messagesOf(
    read(head(crumbs, endHeaders), data('\x01abx', padded), data('c', 0), head([['t', '1']])).streams,
  )
  assert.deepEqual([message?.head.method, message?.head.target, message?.body], ['POST', '/p', 'abc'])
  assert.deepEqual(
    message?.head.fields.map(({ name, value }) => `${name}: ${value}`),
    ['host: a', 'x: y', 'cookie: a=1; b=2'],
  )
})

const ends: readonly { why: string; frames: readonly Frame[] }[] = [
  { why: 'DATA on stream 0', frames: [frame(types.data, 0, 0, 'x')] },
  { why: 'an even stream', frames: [head(line, endHeaders | endStream, 2)] },
  { why: 'a header block that is interrupted', frames: [head(line, 0), data('x')] },
  { why: 'CONTINUATION alone', frames: [frame(types.continuation, endHeaders, 1, '')] },
  { why: 'a header block that is none', frames: [frame(types.headers, endHeaders, 1, '\xff')] },
  { why: 'too much padding', frames: [frame(types.headers, endHeaders | padded, 1, '\x09abc')] },
  { why: 'a push', frames: [frame(types.pushPromise, endHeaders, 1, uint(2, 4))] },
  { why: 'a PING of seven bytes', frames: [frame(types.ping, 0, 0, '1234567')] },
  { why: 'a window of nothing', frames: [frame(types.windowUpdate, 0, 0, uint(0, 4))] },
  { why: 'SETTINGS on a stream', frames: [frame(types.settings, 0, 1, '')] },
]
for (const { why, frames } of ends) {
  test(`${why} ends the connection, and what follows is no request`, () => {
    const { streams, mayEnd } = read(...frames, head(line, endHeaders | endStream, 7))
    assert.notEqual(mayEnd, null)
    assert.ok(!streams.some(({ id }) => id === 7))
  })
}

test('a body that is reset before its end is no request, and one reset behind it may be one', () => {
  const reset = frame(types.rstStream, 0, 1, uint(8, 4))
  const [before, behind] = [read(head(line, endHeaders), data('x', 0), reset), read(head(line), reset)]
  assert.deepEqual([messagesOf(before.streams).length, messagesOf(behind.streams).length], [0, 1])
  assert.ok(before.streams[0]?.left === true && behind.streams[0]?.left === true)
})

test('a case is the same whenever and wherever it is made, and most of its requests may arrive', () => {
  assert.deepEqual(http2CaseOf(7, 4711), http2CaseOf(7, 4711))
  const streams = Array.from({ length: 500 }, (_, i) => read(...http2CaseOf(7, i).frames).streams).flat()
  assert.ok(messagesOf(streams).length > streams.length / 3)
  assert.ok(streams.filter(({ state }) => state === 'malformed').length > streams.length / 5)
})
