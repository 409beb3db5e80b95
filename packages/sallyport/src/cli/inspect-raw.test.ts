import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bodyInspectBytesMax, headerBytesMax } from '../edge/bounds.ts'
import { createFront } from './inspect-raw.ts'

const front = createFront()
const read = (text: string) => front(Buffer.from(text, 'latin1'))
const get = (fields: string): string => `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
const post = (fields: string, body: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`

const accepted: readonly { why: string; text: string; body: string | null }[] = [
  { why: 'a request without a body', text: get(''), body: null },
  { why: 'a request that closes its connection', text: get('Connection: close\r\n'), body: null },
  { why: 'a request and an empty line behind it', text: `${get('')}\r\n`, body: null },
  { why: 'a body of stated length', text: post('Content-Length: 3\r\n', 'a\xffc'), body: 'a\xffc' },
  { why: 'an empty body', text: post('Content-Length: 0\r\n', ''), body: '' },
  {
    why: 'a body in chunks with a trailer',
    text: post('Transfer-Encoding: chunked\r\n', '2\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n'),
    body: 'abc',
  },
  {
    why: 'a body as long as the bound',
    text: post(`Content-Length: ${bodyInspectBytesMax}\r\n`, 'x'.repeat(bodyInspectBytesMax)),
    body: 'x'.repeat(bodyInspectBytesMax),
  },
  { why: 'an expected 100-continue', text: post('Expect: 100-continue\r\nContent-Length: 1\r\n', 'a'), body: 'a' },
  { why: 'an upgrade', text: get('Upgrade: x\r\nConnection: upgrade\r\n'), body: null },
  {
    why: 'an upgrade with a body',
    text: post('Upgrade: x\r\nConnection: upgrade\r\nContent-Length: 1\r\n', 'a'),
    body: 'a',
  },
]
for (const { why, text, body } of accepted) {
  test(`${why} is read`, async () => {
    const fronted = await read(text)
    assert.ok('request' in fronted)
    assert.equal(fronted.request.body?.toString('latin1') ?? null, body)
  })
}

test('a request is handed on byte for byte', async () => {
  const fronted = await read("PUT /a%20b?c='d HTTP/1.0\r\nHost: a\r\nX-Twice: \xe9\r\nx-twice: 2\r\n\r\n")
  assert.ok('request' in fronted)
  const { method, target, rawHeaders, incoming } = fronted.request
  assert.deepEqual([method, target, incoming.version], ['PUT', "/a%20b?c='d", '1.0'])
  assert.deepEqual(rawHeaders, ['Host', 'a', 'X-Twice', '\xe9', 'x-twice', '2'])
})

const refused: readonly { why: string; text: string; status: number }[] = [
  { why: 'nothing', text: '', status: 400 },
  { why: 'an empty line', text: '\r\n', status: 400 },
  { why: 'half a request line', text: 'GET /', status: 400 },
  { why: 'half a header section', text: 'GET / HTTP/1.1\r\nHost: a\r\n', status: 400 },
  { why: 'half a body', text: post('Content-Length: 3\r\n', 'ab'), status: 400 },
  { why: 'half a chunk', text: post('Transfer-Encoding: chunked\r\n', '2\r\na'), status: 400 },
  { why: 'a missing last chunk', text: post('Transfer-Encoding: chunked\r\n', '1\r\na\r\n'), status: 400 },
  { why: 'bytes behind the request', text: `${get('')}a=1`, status: 400 },
  { why: 'bytes behind a body', text: post('Content-Length: 1\r\n', 'ab'), status: 400 },
  { why: 'a second request', text: get('') + get(''), status: 400 },
  { why: 'the beginning of a second request', text: `${get('')}GET / H`, status: 400 },
  {
    why: 'a second request behind an upgrade',
    text: get('Upgrade: x\r\nConnection: upgrade\r\n') + get(''),
    status: 400,
  },
  { why: 'two lengths', text: post('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), status: 400 },
  { why: 'no Host', text: 'GET / HTTP/1.1\r\n\r\n', status: 400 },
  { why: 'a fragment in the target', text: 'GET /#a HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { why: 'lines that end in a line feed alone', text: 'GET / HTTP/1.1\nHost: a\n\n', status: 400 },
  { why: 'TLS', text: '\x16\x03\x01\x02\x00\x01', status: 400 },
  { why: 'a body over the bound', text: post(`Content-Length: ${bodyInspectBytesMax + 1}\r\n`, ''), status: 413 },
  { why: 'a compressed body', text: post('Content-Encoding: br\r\nContent-Length: 1\r\n', 'a'), status: 415 },
  { why: 'an expectation that cannot be met', text: get('Expect: more\r\n'), status: 417 },
  { why: 'a header section over its bound', text: get(`X: ${'x'.repeat(headerBytesMax)}\r\n`), status: 431 },
  { why: 'CONNECT', text: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', status: 501 },
  { why: 'HTTP/0.9', text: 'GET /\r\n\r\n', status: 400 },
  { why: 'HTTP/2.0', text: 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', status: 505 },
]
for (const { why, text, status } of refused) {
  test(`${why} is refused with ${status}`, async () => assert.deepEqual(await read(text), { refused: status }))
}

test('whatever the bytes, one request is read or refused, and the next is not disturbed', async () => {
  const piece = fc.constantFrom(
    'GET ',
    '/',
    ' HTTP/1.1',
    '\r\n',
    'Host: a',
    'Content-Length: 1',
    'Transfer-Encoding: chunked',
    'Upgrade: x',
    '0',
    '\n',
  )
  const text = fc.array(
    fc.oneof(piece, fc.string({ unit: fc.integer({ max: 0xff }).map((code) => String.fromCharCode(code)) })),
  )
  await fc.assert(
    fc.asyncProperty(text, async (pieces) => {
      const fronted = await read(pieces.join(''))
      assert.ok('request' in fronted || fronted.refused >= 400)
      assert.ok('request' in (await read(get(''))))
    }),
    { numRuns: 500 },
  )
})
