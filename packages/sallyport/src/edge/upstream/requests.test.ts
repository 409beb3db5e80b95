import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { UpstreamRequest } from '../upstream.ts'
import { requestHead } from './request-head.ts'
import { ask, get, givenBody, never, okAnswer, scripted } from './scripted-upstream.fixture.ts'

const post: UpstreamRequest = get('/', { method: 'POST' })
const written: readonly { why: string; request: UpstreamRequest; bytes: string }[] = [
  {
    why: 'fields as they are given, and no other',
    request: get('/a?b=%20', { headers: ['X-b', '1', 'host', 'api:1', 'x-B', '\xe9'] }),
    bytes: 'GET /a?b=%20 HTTP/1.1\r\nX-b: 1\r\nhost: api:1\r\nx-B: \xe9\r\n\r\n',
  },
  { why: 'no length where there is no body', request: post, bytes: 'POST / HTTP/1.1\r\nHost: a\r\n\r\n' },
  {
    why: 'the length of a body that had none',
    request: { ...post, body: Buffer.from('ab') },
    bytes: 'POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 2\r\n\r\nab',
  },
  {
    why: 'the length of a body that was empty',
    request: { ...post, body: Buffer.alloc(0) },
    bytes: 'POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 0\r\n\r\n',
  },
  {
    why: 'a length as it was',
    request: { ...post, headers: ['Content-Length', '02', 'Host', 'a'], body: Buffer.from('ab') },
    bytes: 'POST / HTTP/1.1\r\nContent-Length: 02\r\nHost: a\r\n\r\nab',
  },
  {
    why: 'an upgrade',
    request: get('/', { upgrade: 'websocket' }),
    bytes: 'GET / HTTP/1.1\r\nHost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
  },
]
for (const { why, request, bytes } of written) {
  test(`a request is one write, with ${why}`, async () => {
    await using api = await scripted({ answer: ({ socket }) => socket.write(okAnswer) })
    assert.deepEqual(await ask(api.upstream, request), [200, 'ok'])
    assert.deepEqual(
      api.asked.map((asked) => asked.bytes),
      [bytes],
    )
  })
}

test('a request without Host, as HTTP/1.0 may send it, names the origin', () => {
  assert.equal(requestHead(get('/', { headers: [] }), 'api.test:8080'), 'GET / HTTP/1.1\r\nHost: api.test:8080\r\n\r\n')
})

const unwritable: readonly { why: string; request: UpstreamRequest }[] = [
  { why: 'a method with a blank', request: get('/', { method: 'GET /x' }) },
  { why: 'no method', request: get('/', { method: '' }) },
  { why: 'a target with a blank', request: get('/ HTTP/1.1') },
  { why: 'a target with LF', request: get('/\n') },
  { why: 'a target beyond latin1', request: get('/\u010a') },
  { why: 'no target', request: get('') },
  { why: 'a value with CR LF', request: get('/', { headers: ['A', 'b\r\nC: d'] }) },
  { why: 'a value with NUL', request: get('/', { headers: ['A', '\0'] }) },
  // Its low byte is LF, which is what latin1 would write.
  { why: 'a value beyond latin1', request: get('/', { headers: ['A', '\u010a'] }) },
  { why: 'a value beyond latin1 that would become a letter', request: get('/', { headers: ['A', '\u0141'] }) },
  { why: 'a name with a colon', request: get('/', { headers: ['A:', 'b'] }) },
  { why: 'an empty name', request: get('/', { headers: ['', 'b'] }) },
  { why: 'an upgrade with LF', request: get('/', { upgrade: 'x\n' }) },
  {
    why: 'a length that is not its body’s',
    request: get('/', { headers: ['Content-Length', '3'], body: Buffer.from('ab') }),
  },
  { why: 'a length and no body', request: get('/', { headers: ['Content-Length', '3'] }) },
  {
    why: 'a length in hexadecimal',
    request: get('/', { headers: ['content-length', '0x2'], body: Buffer.from('ab') }),
  },
  {
    why: 'two lengths',
    request: get('/', { headers: ['Content-Length', '0', 'content-length', '0'], body: Buffer.alloc(0) }),
  },
  {
    why: 'a length where nobody knows it',
    request: get('/', { headers: ['Content-Length', '0'], body: givenBody(null) }),
  },
  { why: 'a coding', request: get('/', { headers: ['Transfer-encoding', 'chunked'], body: Buffer.from('ab') }) },
]
for (const { why, request } of unwritable) {
  test(`a request with ${why} is not sent`, async () => {
    await using api = await scripted()
    await assert.rejects(api.upstream.send(request, never), { name: 'UpstreamError', kind: 'refused' })
    assert.equal(api.connections(), 0)
  })
}

const streams: readonly { why: string; length: number | null; head: string; bytes: string }[] = [
  { why: 'its length', length: 5, head: 'content-length: 5', bytes: 'abcde' },
  {
    why: 'unknown length in chunks',
    length: null,
    head: 'transfer-encoding: chunked',
    bytes: '2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n',
  },
]
for (const { why, length, head, bytes } of streams) {
  test(`a streamed body of ${why} is sent as it comes, and the connection is used again`, async () => {
    await using api = await scripted()
    const body = givenBody(length)
    const answer = ask(api.upstream, { ...post, body })
    const { socket, bytes: first } = await api.next()
    assert.equal(first, `POST / HTTP/1.1\r\nHost: a\r\n${head}\r\n\r\n`)
    let seen = ''
    const all = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        seen += chunk.toString('latin1')
        if (seen.length === bytes.length) resolve()
      })
    })
    body.data('ab')
    body.data('')
    body.data('cde')
    body.end()
    await all
    assert.equal(seen, bytes)
    socket.write(okAnswer)
    assert.deepEqual(await answer, [200, 'ok'])
    const second = ask(api.upstream)
    const next = await api.next()
    next.socket.write(okAnswer)
    await second
    assert.equal(next.connection, 0)
  })
}

const misfits: readonly { why: string; length: number | null; give: (body: ReturnType<typeof givenBody>) => void }[] = [
  { why: 'breaks off', length: null, give: (body) => body.failed() },
  { why: 'breaks off at its length', length: 2, give: (body) => body.failed() },
  { why: 'is longer than it said', length: 2, give: (body) => body.data('c') },
  { why: 'is shorter than it said', length: 3, give: (body) => body.end() },
]
for (const { why, length, give } of misfits) {
  test(`a streamed body that ${why} never arrives as a whole`, async () => {
    await using api = await scripted()
    const body = givenBody(length)
    const answer = ask(api.upstream, { ...post, body })
    const { socket } = await api.next()
    let seen = ''
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
    })
    const closed = once(socket, 'close')
    body.data('ab')
    give(body)
    await assert.rejects(answer, { kind: 'refused' })
    await Promise.all([closed, body.stopped])
    assert.ok(!seen.includes('c') && !seen.includes('0\r\n\r\n'), seen)
  })
}

test('a streamed body is no faster than the upstream reads', async () => {
  await using api = await scripted()
  const body = givenBody(null)
  const piece = 'x'.repeat(1_000_000)
  const answer = ask(api.upstream, { ...post, body })
  const { socket } = await api.next()
  socket.pause()
  let given = 0
  while (body.data(piece)) given++
  assert.ok(given < 20, `${given} MB were taken for an upstream that reads none`)
  socket.resume()
  await body.resumed()
  body.end()
  socket.on('data', (chunk) => {
    if (chunk.toString('latin1').endsWith('0\r\n\r\n')) socket.write(okAnswer)
  })
  assert.deepEqual(await answer, [200, 'ok'])
})

test('an early refusal stops a streamed body, arrives whole, and ends its connection', async () => {
  await using api = await scripted()
  const body = givenBody(null)
  const answer = ask(api.upstream, { ...post, body })
  const { socket } = await api.next()
  const closed = once(socket, 'close')
  socket.write('HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nn')
  await body.stopped
  socket.write('o')
  assert.deepEqual(await answer, [413, 'no'])
  const next = ask(api.upstream)
  const again = await api.next()
  again.socket.write(okAnswer)
  await next
  assert.equal(again.connection, 1)
  await closed
})

test('an early answer that is no refusal may come while the body goes on, and ends its connection where it is whole before', async () => {
  await using api = await scripted()
  const body = givenBody(null)
  const answered = api.upstream.send({ ...post, body }, never)
  const { socket } = await api.next()
  const closed = once(socket, 'close')
  socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
  const answer = await answered
  let text = ''
  const whole = new Promise<void>((end) => {
    answer.read({
      data(chunk) {
        text += chunk.toString('latin1')
        return true
      },
      end,
      failed: () => assert.fail('broke off'),
    })
  })
  const echoed = once(socket, 'data')
  body.data('ab')
  await echoed
  socket.write('2\r\nab\r\n0\r\n\r\n')
  await Promise.all([whole, closed, body.stopped])
  assert.equal(text, 'ab')
})
