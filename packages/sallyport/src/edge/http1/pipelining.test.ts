import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { pipelinedRequestsMax } from '../bounds.ts'
import { edgeUnderTest, hastyUpstream, until, untilClosed, upstreamUnderTest } from '../edge-under-test.ts'

const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
const close = 'Connection: close\r\n'
const statuses = (answer: string): string[] => answer.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9)) ?? []

test('a request sent ahead is not begun before the one in front of it is answered (RFC 9112 §9.3.2)', async () => {
  const held: ServerResponse[] = []
  const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await using upstream = await hastyUpstream((_, response) => {
    held.push(response)
    asked[held.length - 1]?.resolve()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const client = edge.connect()
  client.write(get('/one') + get('/two', close))
  await asked[0]?.promise
  // Another connection's request goes through the whole edge meanwhile; the second of ours had all the time it needs.
  const other = edge.connect()
  other.write(get('/refused#'))
  await until(other, (text) => text.includes('\r\n\r\n'))
  other.destroy()
  assert.equal(held.length, 1)
  held[0]?.end('first')
  await asked[1]?.promise
  held[1]?.end('second')
  const answer = await untilClosed(client)
  assert.ok(answer.indexOf('first') < answer.indexOf('second'))
})

test('a POST sent ahead of a GET takes effect before it', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const rounds = 20
  const pair = (i: number, last: boolean): string =>
    `POST /p${i} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc${get(`/g${i}`, last ? close : '')}`
  const sent = Array.from({ length: rounds }, (_, i) => i)
  for (const i of sent) assert.deepEqual(statuses(await edge.talk(pair(i, true))), ['200', '200'])
  assert.deepEqual(
    upstream.arrived.map(({ url }) => url),
    sent.flatMap((i) => [`/p${i}`, `/g${i}`]),
  )
})

test('refused requests between good ones are answered in their place', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const answer = await edge.talk(get('/1') + get('/2', 'Host: b\r\n') + get('/3//') + get('/4', close))
  assert.deepEqual(statuses(answer), ['200', '400', '400', '200'])
})

test('nothing is begun behind the last request of a connection', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const lasts = [get('/1', close), get('/1', 'Connection: keep-alive, close\r\n'), get('/1', 'Expect: more\r\n')]
  const old = 'GET /1 HTTP/1.0\r\nProxy-Connection: keep-alive\r\n\r\n'
  for (const first of [...lasts, old]) assert.equal(statuses(await edge.talk(first + get('/2', close))).length, 1)
  assert.ok(!upstream.arrived.some(({ url }) => url === '/2'))
})

test('nothing is begun behind the last request of a connection, whatever bytes follow', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, plain: true })
  for (const first of [
    get('/1', close),
    'POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n',
  ])
    assert.equal(statuses(await edge.talk(`${first}${get('/2')}no request\r\n\r\n`)).length, 1)
  assert.ok(!upstream.arrived.some(({ url }) => url === '/2'))
})

test('a body that its client may hold back ends the connection when its request is refused, whatever for', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
  for (const expected of ['100-continue', 'more']) {
    const held = `POST / HTTP/1.1\r\nHost: \r\nExpect: ${expected}\r\nContent-Length: 9\r\n\r\n`
    const answer = await edge.talk(held)
    assert.deepEqual(statuses(answer), ['400'])
    assert.match(answer, /\r\nconnection: close\r\n/i)
  }
})

test('over the bound the connection ends behind the last answer that it owes', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const answer = await edge.talk(get('/').repeat(pipelinedRequestsMax + 5))
  assert.equal(statuses(answer).length, pipelinedRequestsMax)
  assert.equal(upstream.arrived.length, pipelinedRequestsMax)
  assert.equal(answer.match(/connection: close/gi)?.length, 1)
})

test('as many as the bound, sent in many pieces, are all answered', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const body = 'x'.repeat(100_000)
  const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const answer = await edge.talk(post.repeat(pipelinedRequestsMax - 1) + get('/', close))
  assert.deepEqual(statuses(answer), Array(pipelinedRequestsMax).fill('200'))
  assert.equal(upstream.arrived.filter((one) => one.body.length === body.length).length, pipelinedRequestsMax - 1)
})

test('a body that breaks while it waits for its turn is refused in its turn', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const broken = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n'
  assert.deepEqual(statuses(await edge.talk(get('/') + broken)), ['200', '400'])
  assert.equal(upstream.arrived.length, 1)
})

test('a client that leaves while its next request waits costs the upstream one request', async () => {
  const asked = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let count = 0
  await using upstream = await hastyUpstream((_, response) => {
    count++
    response.on('close', ended.resolve)
    asked.resolve()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const client = edge.connect()
  client.write(get('/one') + get('/two'))
  await asked.promise
  client.destroy()
  await ended.promise
  await edge.logged(0)
  assert.equal(count, 1)
})

test('requests sent ahead are answered though the edge is about to end, and the last answer says that it is the last', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  await using upstream = await hastyUpstream((request, response) => {
    if (request.url === '/1') asked.resolve(response)
    else response.end()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const client = edge.connect()
  client.write(get('/1') + get('/2'))
  const first = await asked.promise
  edge.edge.leave()
  first.end()
  const answer = await untilClosed(client)
  assert.deepEqual(statuses(answer), ['200', '200'])
  assert.equal(answer.lastIndexOf('Connection: close'), answer.indexOf('Connection: close'))
})
