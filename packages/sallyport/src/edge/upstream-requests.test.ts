import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { edgeUnderTest, hastyUpstream, upstreamUnderTest } from './edge-under-test.ts'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
const problemOf = (answer: string): { type: string } => JSON.parse(answer.split('\r\n\r\n')[1] ?? '')

test('a request without a body says nothing of one to the upstream, whatever its method', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  for (const method of methods) await edge.talk(get('/').replace('GET', method))
  const framed = upstream.arrived.flatMap(({ rawHeaders }) =>
    rawHeaders.filter((name) => /^(content-length|transfer-encoding)$/i.test(name)),
  )
  assert.deepEqual([upstream.arrived.map(({ method }) => method), framed], [methods, []])
})

test('a request that finds no connection to its upstream free is answered 503 and reason overload, in time', async (t) => {
  await using upstream = await hastyUpstream(() => undefined)
  await using edge = await edgeUnderTest({
    origin: upstream.origin,
    path: '/api/',
    upstreamTimes: { connectionsMax: 1 },
  })
  t.mock.timers.enable({ apis: ['setInterval'] })
  const first = edge.connect()
  first.write(get('/api/'))
  await once(upstream.server, 'request')
  const second = edge.talk(get('/api/'))
  // Round trips give the second time to arrive; the clock is moved by hand.
  for (let round = 0; round < 10; round++) {
    await edge.talk(get('/none'))
    t.mock.timers.tick(1000)
  }
  const answer = await second
  assert.match(answer, /^HTTP\/1\.1 503 /)
  assert.equal(problemOf(answer).type, 'urn:sallyport:overload')
  first.destroy()
})
