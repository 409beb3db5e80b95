import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { edgeUnderTest, until, upstreamUnderTest } from './edge-under-test.ts'
import { http2Client } from './http2/client-under-test.ts'
import { answering, asks, bytesMax, inspecting, ruleSet, secretInBody } from './inspected-answers.fixture.ts'

const get = asks('GET')
const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4)

test('an answer that a rule refuses is replaced by a refusal, and no byte of it is sent', async () => {
  await using upstream = await upstreamUnderTest(answering('application/json', '{"a":"secret"}', { 'x-own': 'kept' }))
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  const answer = await edge.talk(get)
  assert.match(answer, /^HTTP\/1\.1 502 /)
  assert.ok(!answer.includes('secret') && !answer.includes('x-own'))
  const record = await edge.logged(0)
  assert.equal(JSON.parse(bodyOf(answer)).id, record.id)
  assert.deepEqual(
    [record.verdict, record.status, record.reason, record.rules, record.upstream?.status, record.response],
    ['block', 502, 'waf', [1], 200, { bytes: 14, inspected: 14 }],
  )
})

test('an answer that no rule refuses arrives as it was sent', async () => {
  await using upstream = await upstreamUnderTest(answering('application/json', '{"a":"\xe9"}', { 'X-Own': 'kept' }))
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  const answer = await edge.talk(get)
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: 10\r\nX-Own: kept\r\n/)
  assert.equal(bodyOf(answer), Buffer.from('{"a":"\xe9"}').toString('latin1'))
  assert.deepEqual((await edge.logged(0)).response, { bytes: 10, inspected: 10 })
})

test('over HTTP/2 too an answer is judged before a byte of it is sent, each stream for itself', async () => {
  await using upstream = await upstreamUnderTest((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(`${request.url} ${'x'.repeat(2 * bytesMax)}`)
  })
  const [ruleSets, body] = [[ruleSet(secretInBody)], { answerInspectBytesMax: bytesMax }]
  await using edge = await edgeUnderTest({ origin: upstream.origin, ruleSets, body })
  await using client = await http2Client(edge)
  const ask = (path: string) => client.ask({ ':path': path })
  const [passed, refused] = await Promise.all([ask('/good'), ask('/secret')])
  assert.deepEqual([passed.status, passed.body.length], [200, '/good '.length + 2 * bytesMax])
  assert.deepEqual([refused.status, refused.body.includes('xxx')], [502, false])
})

test('where a route does not have answers inspected, they pass, and codings stay a matter of client and upstream', async () => {
  await using upstream = await upstreamUnderTest(answering('application/json', '{"a":"secret"}'))
  await using edge = await edgeUnderTest({ origin: upstream.origin, ruleSets: [ruleSet(secretInBody)] })
  assert.match(await edge.talk(asks('GET', 'Accept-Encoding: br\r\n')), /^HTTP\/1\.1 200 [\s\S]*secret/)
  assert.equal((await edge.logged(0)).response, null)
  const sent = upstream.arrived[0]?.rawHeaders ?? []
  assert.equal(sent[sent.indexOf('Accept-Encoding') + 1], 'br')
})

test('in mode detect the answer passes, and the log says what blocking would have done', async () => {
  await using upstream = await upstreamUnderTest(answering('application/json', '{"a":"secret"}'))
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody, 'detect'))
  assert.match(await edge.talk(get), /^HTTP\/1\.1 200 [\s\S]*secret/)
  const { verdict, reason, rules, detected } = await edge.logged(0)
  assert.deepEqual([verdict, reason, rules], ['allow', null, [1]])
  assert.deepEqual(detected, { verdict: 'block', reason: 'waf', rules: [1] })
})

test('phase 3 judges status and fields: what it refuses is not read', async () => {
  const ended = Promise.withResolvers<void>()
  await using upstream = await upstreamUnderTest((_, response) => {
    response.on('close', ended.resolve)
    response.writeHead(500, { 'content-type': 'text/html', 'x-debug': 'on' }).write('unending')
  })
  const text =
    'SecRule RESPONSE_STATUS "@eq 500" "id:1,phase:3,deny,log,chain"\nSecRule RESPONSE_HEADERS:X-Debug "@streq on"\n'
  await using edge = await inspecting(upstream.origin, ruleSet(text))
  assert.match(await edge.talk(get), /^HTTP\/1\.1 403 /)
  await ended.promise
  const record = await edge.logged(0)
  assert.deepEqual([record.reason, record.upstream?.status, record.response], ['waf', 500, null])
})

for (const { method, status } of [
  { method: 'HEAD', status: 200 },
  { method: 'GET', status: 204 },
  { method: 'GET', status: 304 },
]) {
  test(`${method} answered by ${status} has no body to wait for; phase 4 sums up all the same`, async () => {
    const fields = { 'content-type': 'application/json', 'content-encoding': 'zstd' }
    const length = status === 204 ? {} : { 'content-length': '12' }
    await using upstream = await upstreamUnderTest((_, response) => {
      response.writeHead(status, { ...fields, ...length }).end()
    })
    await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
    const answer = await edge.talk(asks(method))
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer)
    assert.equal(/content-length: 12\r\n/.test(answer), status !== 204)
    assert.equal(bodyOf(answer), '')
    await using strict = await inspecting(upstream.origin, ruleSet('SecAction "id:1,phase:4,deny,log"\n'))
    assert.match(await strict.talk(asks(method)), /^HTTP\/1\.1 403 /)
  })
}

const unheld = ['text/event-stream', 'application/octet-stream', 'image/png', 'application/x-ndjson'] as const
for (const type of unheld) {
  test(`${type} is not held back: its head and first bytes come before its end`, async () => {
    let answer: ServerResponse | undefined
    await using upstream = await upstreamUnderTest((_, response) => {
      answer = response
      response.writeHead(200, { 'content-type': type }).flushHeaders()
    })
    await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
    const client = edge.connect()
    client.write(get)
    await until(client, (text) => text.includes('\r\n\r\n'))
    answer?.write('data: secret\n\n')
    await until(client, (text) => text.includes('data: secret\n\n'))
    answer?.end()
    client.resume()
    await once(client, 'close')
    assert.equal((await edge.logged(0)).response, null)
  })
}

test('fifty answers at a time are judged each for itself, on connections that stay', async () => {
  await using upstream = await upstreamUnderTest((request, response) => {
    const body = `${request.url}${'x'.repeat(bytesMax / 2)}${request.url?.endsWith('7') === true ? 'secret' : ''}`
    response.writeHead(200, { 'content-type': 'text/plain' }).end(body)
  })
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  const paths = Array.from({ length: 50 }, (_, i) => `/${i}`)
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(paths.map((path) => fetch(edge.url + path)))
    for (const [i, answer] of answers.entries()) {
      const body = await answer.text()
      assert.equal(answer.status, i % 10 === 7 ? 502 : 200)
      assert.equal(body.startsWith(`/${i}x`), i % 10 !== 7)
    }
  }
})

test('early hints are kept back where answers are inspected: no rule has read them', async () => {
  await using upstream = await upstreamUnderTest((_, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' }, () => response.end('ok'))
  })
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  assert.match(await edge.talk(get), /^HTTP\/1\.1 200 /)
})

for (const phase of [3, 4]) {
  test(`phase ${phase} judges a 101: refused, it leaves no tunnel and no connection to the upstream`, async () => {
    const ended = Promise.withResolvers<void>()
    await using upstream = await upstreamUnderTest()
    upstream.server.on('upgrade', (_, socket) => {
      socket.on('close', ended.resolve).on('end', () => socket.end())
      socket.resume()
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Leak: 1\r\n\r\n')
    })
    const text = `SecRule RESPONSE_HEADERS:X-Leak "@eq 1" "id:1,phase:${phase},deny,log"\n`
    await using edge = await inspecting(upstream.origin, ruleSet(text))
    const fields = 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n'
    assert.match(await edge.talk(asks('GET', fields).replace('close', 'Upgrade')), /^HTTP\/1\.1 403 /)
    await ended.promise
    const { reason, upstream: asked } = await edge.logged(0)
    assert.deepEqual([reason, asked?.status], ['waf', 101])
  })
}
