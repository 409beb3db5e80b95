import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ClientHttp2Stream } from 'node:http2'
import { test } from 'node:test'
import { compile } from '@sallyport/seclang'
import { edgeUnderTest, hastyUpstream, upstreamUnderTest } from '../edge-under-test.ts'
import { http2Client } from './client-under-test.ts'

test('a request arrives at the upstream as HTTP/1.1, judged and with its body', async () => {
  await using upstream = await upstreamUnderTest((_, response) => response.end('made'))
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await using client = await http2Client(edge)
  const asked = { ':method': 'POST', ':path': '/orders?a=1', 'content-type': 'text/plain', 'x-one': '\xe9' }
  const answer = await client.ask(asked, 'hello')
  assert.deepEqual([answer.status, answer.body], [200, 'made'])
  const [arrived] = upstream.arrived
  assert.deepEqual([arrived?.method, arrived?.url, String(arrived?.body)], ['POST', '/orders?a=1', 'hello'])
  assert.deepEqual(arrived?.rawHeaders.slice(0, 2), ['host', 'a.example'])
  assert.ok(arrived?.rawHeaders.includes('2.0 sallyport'))
  const record = await edge.logged(0)
  assert.deepEqual([record.verdict, record.status, record.request?.bytes], ['allow', 200, 5])
})

test('streams of one connection are served side by side', async () => {
  const held = Promise.withResolvers<() => void>()
  await using upstream = await hastyUpstream((request, response) => {
    if (request.url === '/held') held.resolve(() => response.end('late'))
    else response.end('soon')
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await using client = await http2Client(edge)
  const late = client.ask({ ':path': '/held' })
  const release = await held.promise
  assert.equal((await client.ask({ ':path': '/other' })).body, 'soon')
  release()
  assert.equal((await late).body, 'late')
})

test('a refusal is problem+json on its own stream, and the next stream is served', async () => {
  await using upstream = await upstreamUnderTest()
  const text = 'SecRuleEngine On\nSecRule ARGS "@streq bad" "id:1,phase:2,deny,status:403"'
  const readFile = (): never => assert.fail('no files')
  const { ruleSet } = compile([{ file: 'test.conf', text }], { readFile })
  await using edge = await edgeUnderTest({ origin: upstream.origin, ruleSets: [{ name: 'test', ruleSet }] })
  await using client = await http2Client(edge)
  const refused = await client.ask({ ':path': '/?a=bad' })
  assert.deepEqual([refused.status, refused.headers['content-type']], [403, 'application/problem+json'])
  assert.equal((await client.ask({ ':path': '/?a=good' })).status, 200)
  assert.equal(upstream.arrived.length, 1)
})

test('the answer to a HEAD has the fields and no body', async () => {
  await using upstream = await upstreamUnderTest((_, response) => response.setHeader('content-length', 5).end())
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await using client = await http2Client(edge)
  const answer = await client.ask({ ':method': 'HEAD' })
  assert.deepEqual([answer.status, answer.headers['content-length'], answer.body], [200, '5', ''])
})

test('fields of the connection are left out of an answer, hints come before it', async () => {
  await using upstream = await hastyUpstream((_, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    response.writeHead(200, { Connection: 'x-secret', 'X-Secret': '1', 'Keep-Alive': 'timeout=5', 'X-Kept': '2' })
    response.end('ok')
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await using client = await http2Client(edge)
  const stream = client.session.request({ ':path': '/', ':authority': 'a' })
  const [{ ':status': status, link }] = (await once(stream, 'headers')) as [{ ':status': number; link: string }]
  assert.deepEqual([status, link], [103, '</a.css>; rel=preload'])
  const [fields] = (await once(stream, 'response')) as [Record<string, unknown>]
  assert.deepEqual([fields['x-kept'], fields['x-secret'], fields['keep-alive']], ['2', undefined, undefined])
  await once(stream.resume(), 'close')
})

test('a client that waits for 100 is told to go on', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await using client = await http2Client(edge)
  const stream = client.session.request({ ':method': 'POST', ':path': '/', ':authority': 'a', expect: '100-continue' })
  await once(stream, 'continue')
  stream.end('body')
  const [fields] = (await once(stream, 'response')) as [Record<string, unknown>]
  assert.equal(fields[':status'], 200)
  assert.equal(String(upstream.arrived[0]?.body), 'body')
  await once(stream.resume(), 'close')
})

test('an upstream that breaks off resets the stream, and no other', async () => {
  await using upstream = await hastyUpstream((request, response) => {
    if (request.url !== '/breaks') return void response.end('whole')
    response.writeHead(200, { 'content-length': 100 })
    response.write('half', () => response.destroy())
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await using client = await http2Client(edge)
  await assert.rejects(client.ask({ ':path': '/breaks' }), { code: 'ERR_HTTP2_STREAM_ERROR' })
  assert.equal((await client.ask({})).body, 'whole')
  assert.deepEqual([(await edge.logged(0)).reason, (await edge.logged(0)).status], ['upstream', 200])
})

test('a client that leaves ends its request at the upstream', async () => {
  const gone = Promise.withResolvers<void>()
  const arrived = Promise.withResolvers<void>()
  await using upstream = await hastyUpstream((request) => {
    request.once('close', gone.resolve)
    arrived.resolve()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await using client = await http2Client(edge)
  const stream = client.session.request({ ':path': '/', ':authority': 'a' })
  stream.on('error', () => undefined)
  await arrived.promise
  stream.close(8)
  await gone.promise
})

test('a refused request whose body still comes is answered, and its rest is not asked for', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1', path: '/api/' })
  await using client = await http2Client(edge)
  const stream: ClientHttp2Stream = client.session.request({ ':method': 'POST', ':path': '/x', ':authority': 'a' })
  stream.write(Buffer.alloc(100))
  const [fields] = (await once(stream, 'response')) as [Record<string, unknown>]
  assert.equal(fields[':status'], 404)
  await once(stream.resume(), 'close')
  assert.equal(stream.rstCode, 0)
})
