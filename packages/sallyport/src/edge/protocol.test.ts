import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bodyInspectBytesMax, headerBytesMax, headerFieldsMax } from './bounds.ts'
import { type EdgeUnderTest, edgeUnderTest, type UpstreamUnderTest, upstreamUnderTest } from './edge-under-test.ts'

let upstream: UpstreamUnderTest
let edge: EdgeUnderTest
before(async () => {
  upstream = await upstreamUnderTest()
  edge = await edgeUnderTest({ origin: upstream.origin })
})
after(async () => {
  await edge.stop()
  await upstream[Symbol.asyncDispose]()
})

const close = 'Connection: close\r\n'
const post = (fields: string, body: string): string => `POST /p HTTP/1.1\r\nHost: a\r\n${close}${fields}\r\n${body}`
const get = (fields: string): string => `GET /p HTTP/1.1\r\n${close}${fields}\r\n`
const fields = (count: number): string => 'a: b\r\n'.repeat(count)
/** A request whose head has exactly so many bytes by llhttp's count: fields, without the separators it skips. */
const padded = (bytes: number): string => get(`Host: a\r\nX: ${'x'.repeat(bytes)}\r\n`)

const refused: readonly { why: string; sends: string; status: number }[] = [
  { why: 'no Host in HTTP/1.1', sends: get(''), status: 400 },
  { why: 'two Hosts', sends: get('Host: a\r\nHost: b\r\n'), status: 400 },
  { why: 'two equal Hosts', sends: get('Host: a\r\nHOST: a\r\n'), status: 400 },
  { why: 'an empty Host', sends: get('Host:\r\n'), status: 400 },
  { why: 'a percent-encoded NUL in Host', sends: get('Host: a%00.example\r\n'), status: 400 },
  { why: 'a Host with a path', sends: get('Host: a/b\r\n'), status: 400 },
  { why: 'a Host with a space', sends: get('Host: a b\r\n'), status: 400 },
  {
    why: 'a transfer coding besides chunked',
    sends: post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'),
    status: 501,
  },
  {
    why: 'chunked in two fields',
    sends: post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    status: 400,
  },
  {
    why: 'a target in absolute form of another host',
    sends: `GET http://b/ HTTP/1.1\r\nHost: a\r\n${close}\r\n`,
    status: 400,
  },
  { why: 'a target of * for GET', sends: `GET * HTTP/1.1\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'a fragment in the target', sends: `GET /a#b HTTP/1.1\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'a space in the target', sends: `GET /a b HTTP/1.1\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'a control character in the target', sends: `GET /a\x01 HTTP/1.1\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'a byte above 0x7f in the target', sends: `GET /\xe9 HTTP/1.1\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'a path of two readings', sends: `GET /p/..;/admin HTTP/1.1\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'chunks in HTTP/1.0', sends: `POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, status: 400 },
  {
    why: 'two credentials',
    sends: get('Host: a\r\nAuthorization: Basic eA==\r\nauthorization: Basic eQ==\r\n'),
    status: 400,
  },
  { why: 'two media types', sends: get('Host: a\r\nContent-Type: a/b\r\nContent-Type: a/c\r\n'), status: 400 },
  { why: 'a length by another name', sends: post('Content-Length: 2\r\nContent_Length: 0\r\n', 'ab'), status: 400 },
  {
    why: 'a transfer coding by another name',
    sends: post('Transfer_Encoding: chunked\r\nContent-Length: 2\r\n', 'ab'),
    status: 400,
  },
  { why: 'a length said twice alike', sends: post('Content-Length: 2\r\nContent-Length: 2\r\n', 'ab'), status: 400 },
  { why: 'a list of lengths', sends: post('Content-Length: 2, 2\r\n', 'ab'), status: 400 },
  {
    why: 'a chunk extension with a bare LF',
    sends: post('Transfer-Encoding: chunked\r\n', '1;a\nb\r\n0\r\n\r\n'),
    status: 400,
  },
  {
    why: 'a chunk extension with a bare CR',
    sends: post('Transfer-Encoding: chunked\r\n', '1;a\rb\r\n0\r\n\r\n'),
    status: 400,
  },
  {
    why: 'a chunk that ends in a bare LF',
    sends: post('Transfer-Encoding: chunked\r\n', '1\r\na\n0\r\n\r\n'),
    status: 400,
  },
  { why: 'a last chunk that ends in a bare LF', sends: post('Transfer-Encoding: chunked\r\n', '0\n\n'), status: 400 },
  {
    why: 'a chunk size with a sign',
    sends: post('Transfer-Encoding: chunked\r\n', '+1\r\na\r\n0\r\n\r\n'),
    status: 400,
  },
  {
    why: 'a quoted chunk extension that never ends',
    sends: post('Transfer-Encoding: chunked\r\n', '1;a="\r\na\r\n0\r\n\r\n'),
    status: 400,
  },
  { why: 'HTTP/0.9', sends: 'GET /\r\n\r\n', status: 400 },
  { why: 'HTTP/0.9 by its number', sends: `GET / HTTP/0.9\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'an unknown method', sends: `BREW /p HTTP/1.1\r\nHost: a\r\n${close}\r\n`, status: 400 },
  { why: 'HTTP/2 in a request line', sends: 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', status: 505 },
  { why: 'the preface of HTTP/2', sends: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: 400 },
  {
    why: 'a length and chunks (RFC 9112 §6.3)',
    sends: post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    status: 400,
  },
  { why: 'two different lengths', sends: post('Content-Length: 4\r\nContent-Length: 5\r\n', 'abcd'), status: 400 },
  { why: 'a length that is no number', sends: post('Content-Length: +4\r\n', 'abcd'), status: 400 },
  {
    why: 'chunked that is not last',
    sends: post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'),
    status: 400,
  },
  { why: 'an empty field name (CVE-2023-25725)', sends: get('Host: a\r\n: x\r\n'), status: 400 },
  { why: 'a field name of spaces', sends: get('Host: a\r\n : x\r\n'), status: 400 },
  { why: 'a space before the colon', sends: get('Host: a\r\nX : x\r\n'), status: 400 },
  { why: 'a folded field', sends: get('Host: a\r\nX: a\r\n b\r\n'), status: 400 },
  { why: 'a NUL in a field', sends: get('Host: a\r\nX: a\0b\r\n'), status: 400 },
  { why: 'a bare CR in a field', sends: get('Host: a\r\nX: a\rb\r\n'), status: 400 },
  { why: 'a chunk size that is no number', sends: post('Transfer-Encoding: chunked\r\n', 'x\r\n'), status: 400 },
  {
    why: 'a chunk longer than it says',
    sends: post('Transfer-Encoding: chunked\r\n', '1\r\nab\r\n0\r\n\r\n'),
    status: 400,
  },
  { why: 'an expectation that cannot be met', sends: get('Host: a\r\nExpect: more\r\n'), status: 417 },
  { why: 'CONNECT', sends: `CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n`, status: 501 },
  { why: 'CONNECT without a port', sends: `CONNECT b HTTP/1.1\r\nHost: b\r\n\r\n`, status: 400 },
  { why: 'CONNECT with an empty port', sends: `CONNECT b: HTTP/1.1\r\nHost: b\r\n\r\n`, status: 400 },
  {
    why: 'a body that says it is over its bound',
    sends: post(`Content-Length: ${bodyInspectBytesMax + 1}\r\n`, ''),
    status: 413,
  },
  {
    why: 'a body that turns out to be over its bound',
    sends: post('Transfer-Encoding: chunked\r\n', chunks('x'.repeat(bodyInspectBytesMax + 1))),
    status: 413,
  },
  {
    why: 'a compressed body, which no rule could read',
    sends: post('Content-Encoding: gzip\r\nContent-Length: 2\r\n', 'ab'),
    status: 415,
  },
  { why: 'one field too many', sends: get(`Host: a\r\n${fields(headerFieldsMax - 1)}`), status: 431 },
  { why: 'far too many fields', sends: get(`Host: a\r\n${fields(headerFieldsMax * 10)}`), status: 431 },
  { why: 'a header section over its bound', sends: padded(headerBytesMax), status: 431 },
]
for (const { why, sends, status } of refused) {
  test(`${why} is refused with ${status} and never reaches the upstream`, async () => {
    const [arrived, decided] = [upstream.arrived.length, edge.log.length]
    const answer = await edge.talk(sends)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    assert.ok(head.startsWith(`HTTP/1.1 ${status} `), head)
    assert.match(head, /content-type: application\/problem\+json/i)
    const record = await edge.logged(decided)
    assert.deepEqual([record.verdict, record.status, record.reason], ['reject', status, 'protocol'])
    const problem = JSON.parse(body)
    assert.deepEqual([problem.type, problem.status, problem.id], ['urn:sallyport:protocol', status, record.id])
    assert.equal(edge.log.length, decided + 1)
    assert.equal(upstream.arrived.length, arrived)
  })
}

const accepted: readonly { why: string; sends: string }[] = [
  { why: 'a body encoded as identity', sends: post('Content-Encoding: Identity\r\nContent-Length: 2\r\n', 'ab') },
  { why: 'an IPv6 address with a port as Host', sends: get('Host: [::1]:8443\r\n') },
  { why: 'a Host with an underscore', sends: get('Host: a_b.example\r\n') },
  { why: 'a target in absolute form of its own host', sends: `GET http://a/p HTTP/1.1\r\nHost: A\r\n${close}\r\n` },
  { why: 'a field of no consequence with an underscore', sends: get('Host: a\r\nX_Y: 1\r\nX-Y: 2\r\n') },
  { why: 'no Host in HTTP/1.0', sends: 'GET /p HTTP/1.0\r\n\r\n' },
  { why: 'as many fields as are allowed', sends: get(`Host: a\r\n${fields(headerFieldsMax - 2)}`) },
  { why: 'a header section just under its bound', sends: padded(headerBytesMax - 200) },
  { why: 'a byte above 0x7f in a field', sends: get('Host: a\r\nX: \xff\r\n') },
  { why: 'the names of Object.prototype as fields', sends: get('Host: a\r\n__proto__: x\r\nconstructor: y\r\n') },
]
for (const { why, sends } of accepted) {
  test(`${why} passes`, async () => {
    const arrived = upstream.arrived.length
    assert.match(await edge.talk(sends), /^HTTP\/1\.1 200 /)
    assert.equal(upstream.arrived.length, arrived + 1)
  })
}

const lengths = [0, 1, 65_537, bodyInspectBytesMax]
for (const length of lengths) {
  for (const chunked of [false, true]) {
    test(`a body of ${length} bytes, ${chunked ? 'in chunks' : 'of stated length'}, arrives byte for byte`, async () => {
      const body = Buffer.from(Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff)).toString('latin1')
      const decided = edge.log.length
      const framed = chunked ? chunks(body) : body
      const length_ = chunked ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${length}\r\n`
      assert.match(await edge.talk(post(length_, framed)), /^HTTP\/1\.1 200 /)
      assert.equal(upstream.arrived.at(-1)?.body.toString('latin1'), body)
      assert.equal((await edge.logged(decided)).request?.bytes, length)
    })
  }
}

const cut: readonly { why: string; sends: string }[] = [
  { why: 'a body of stated length', sends: post('Content-Length: 10\r\n', 'x') },
  { why: 'a body in chunks', sends: post('Transfer-Encoding: chunked\r\n', '1\r\nx\r\n') },
]
for (const { why, sends } of cut) {
  test(`${why} that breaks off never arrives as a shorter whole one`, async () => {
    const [arrived, decided] = [upstream.arrived.length, edge.log.length]
    const socket = edge.connect()
    socket.on('error', () => undefined)
    socket.end(sends)
    socket.resume()
    await edge.logged(decided)
    // The pool sends the next request on another connection, or on the same after what was left of this one.
    assert.match(await edge.talk(get('Host: a\r\n')), /^HTTP\/1\.1 200 /)
    assert.equal(upstream.arrived.length, arrived + 1)
  })
}

test('an unreadable chunk ends its connection even if the client would keep it', async () => {
  const answer = await edge.talk('POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n')
  assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*connection: close/i)
})

for (const version of ['0.9', '2.0']) {
  test(`nothing is read behind a request of HTTP/${version}, even if its client would keep the connection`, async () => {
    const first = `GET / HTTP/${version}\r\nHost: a\r\nConnection: keep-alive\r\n\r\n`
    const answer = await edge.talk(first + get('Host: a\r\n'))
    assert.equal(answer.match(/HTTP\/1\.1 \d+/g)?.length, 1)
    assert.match(answer, /connection: close/i)
  })
}

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const unwanted: readonly { why: string; first: string }[] = [
  {
    why: 'refused for its head',
    first: `POST /p HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
  },
  {
    why: 'refused for its length, half read',
    first: `POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks(smuggled.repeat(60_000))}`,
  },
]
for (const { why, first } of unwanted) {
  test(`the body of a request ${why} is read away and never becomes the next request (CVE-2025-4366)`, async () => {
    const answer = await edge.talk(first + get('Host: a\r\n'))
    assert.match(answer, /^HTTP\/1\.1 4\d\d /)
    assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g)?.slice(1), ['HTTP/1.1 200'])
    assert.equal(upstream.arrived.at(-1)?.url, '/p')
    assert.ok(!upstream.arrived.some(({ url }) => url === '/smuggled'))
  })
}

test('an upgrade is answered as a plain request, and what follows it on the connection is never read (CVE-2026-2833)', async () => {
  const arrived = upstream.arrived.length
  const upgrade = 'GET /p HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'
  const answer = await edge.talk(`${upgrade}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`)
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200'])
  assert.match(answer, /connection: close/i)
  assert.equal(upstream.arrived.length, arrived + 1)
})

test('a malformed request behind a good one is answered after it, and only once', async () => {
  const answer = await edge.talk('GET /p HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n: x\r\n\r\n')
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 400'])
})

test('a client that expects 100-continue is told to go on only when its body is wanted', async () => {
  const asks = 'Expect: 100-continue\r\nContent-Length: 2\r\n'
  assert.match(await edge.talk(post(asks, 'ab')), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  assert.equal(upstream.arrived.at(-1)?.rawHeaders.includes('Expect'), false)
  const refusedBody = await edge.talk(`POST /p HTTP/1.1\r\nHost: a\r\nHost: b\r\n${asks}\r\n`)
  assert.match(refusedBody, /^HTTP\/1\.1 400 [\s\S]*connection: close/i)
})

function chunks(body: string): string {
  const size = 10_000
  let framed = ''
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.slice(at, at + size)
    framed += `${chunk.length.toString(16)}\r\n${chunk}\r\n`
  }
  return `${framed}0\r\n\r\n`
}
