import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { unfitForUpstream } from './forwarded.ts'
import { readAll, readHead, readMessage } from './message.ts'

const head = (fields: string): string => `POST /p HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
const chunked = head('Transfer-Encoding: chunked\r\n')

const refused: readonly { bytes: string; why: RegExp }[] = [
  { bytes: 'GET  / HTTP/1.1\r\n\r\n', why: /request line/ },
  { bytes: 'GET / HTTP/1.2\r\n\r\n', why: /request line/ },
  { bytes: 'GET /\r\n\r\n', why: /request line/ },
  { bytes: 'GET / HTTP/1.1\n\r\n', why: /bare LF/ },
  { bytes: 'GET / HTTP/1.1\rX\r\n', why: /bare CR/ },
  { bytes: head(': x\r\n'), why: /no token/ },
  { bytes: head('X : y\r\n'), why: /no token/ },
  { bytes: head('X: a\r\n b\r\n'), why: /folded/ },
  { bytes: head('X: a\0\r\n'), why: /control/ },
  { bytes: head('X\r\n'), why: /colon/ },
  { bytes: head('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'), why: /length and chunks/ },
  { bytes: head('Content-Length: 1\r\nContent-Length: 1\r\n'), why: /two lengths/ },
  { bytes: head('Content-Length: +1\r\n'), why: /no number/ },
  { bytes: head('Content-Length: 9007199254740993\r\n'), why: /no number/ },
  { bytes: head('Transfer-Encoding: gzip, chunked\r\n'), why: /coding/ },
  { bytes: `POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n`, why: /HTTP\/1\.0/ },
  { bytes: `${chunked}0x1\r\na\r\n0\r\n\r\n`, why: /extension/ },
  { bytes: `${chunked}1;a="\n"\r\na\r\n0\r\n\r\n`, why: /bare LF/ },
  { bytes: `${chunked}1 ;a\r\na\r\n0\r\n\r\n`, why: /extension/ },
  { bytes: `${chunked}1;a;\r\na\r\n0\r\n\r\n`, why: /extension/ },
  { bytes: `${chunked}1\r\nab\r\n0\r\n\r\n`, why: /without its end/ },
  { bytes: `${chunked}1\r\na\n0\r\n\r\n`, why: /without its end|longer/ },
  { bytes: `${chunked}10000000000000001\r\na\r\n0\r\n\r\n`, why: /no number/ },
  { bytes: `${chunked}0\r\n: x\r\n\r\n`, why: /no token/ },
  { bytes: `${chunked}0\r\nTransfer-Encoding: chunked\r\n\r\n`, why: /trailer/ },
]
for (const { bytes, why } of refused) {
  test(`the strict reader refuses ${JSON.stringify(bytes)}`, () => {
    const read = readMessage(bytes, 0)
    assert.ok(read !== null && 'refused' in read, JSON.stringify(read))
    assert.match(read.refused, why)
  })
}

const unfit: readonly string[] = [
  'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n',
  'GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /#x HTTP/1.1\r\nHost: a\r\n\r\n',
  ...['TE: trailers', 'Upgrade: x', 'Keep-Alive: 1', 'Trailer: x', 'Expect: x', 'Connection: x-kept'].map(
    (line) => `GET / HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n`,
  ),
]
for (const bytes of unfit) {
  test(`an upstream must not see ${JSON.stringify(bytes)}`, () => {
    const read = readHead(bytes, 0)
    assert.ok(read !== null && !('refused' in read))
    assert.notEqual(unfitForUpstream(read), null)
  })
}

test('bodies and pipelined requests are read to their byte, however they are framed', () => {
  const body = 'GET /smuggled HTTP/1.1\r\n\r\n'
  const framed = `${chunked}1a;a=b\r\n${body}\r\n0\r\nX: y\r\n\r\n`
  const { messages, end } = readAll(`${head('Content-Length: 26\r\n')}${body}\r\n${framed}GET / HTTP/1.1\r\n\r\n`)
  assert.deepEqual(
    messages.map((message) => [message.head.target, message.body]),
    [
      ['/p', body],
      ['/p', body],
      ['/', ''],
    ],
  )
  assert.equal(end, 'whole')
})

test('no arbitrary bytes make the strict reader throw, and no prefix of a good message is refused', () => {
  const good = `${chunked}3\r\na=b\r\n0\r\n\r\n`
  for (let length = 0; length < good.length; length++) assert.equal(readMessage(good.slice(0, length), 0), null)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 255 })), (codes) => void readAll(String.fromCharCode(...codes))),
  )
  fc.assert(
    fc.property(
      fc.nat(good.length),
      fc.string(),
      (at, text) => void readAll(good.slice(0, at) + text + good.slice(at)),
    ),
  )
})
