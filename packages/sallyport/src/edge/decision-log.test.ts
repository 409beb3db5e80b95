import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from './decision.ts'
import { type DecisionRecord, refusalRecord } from './decision-log.ts'
import { edgeUnderTest, upstreamUnderTest } from './edge-under-test.ts'

const record: DecisionRecord = refusalRecord('1', 'connection', 'public', '127.0.0.1', decide('protocol', null))

test('a record has the fields of the contract, in its order', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  await edge.talk(
    'POST /a?key=secret HTTP/1.1\r\nHost: api.example\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab',
  )
  const logged = await edge.logged(0)
  const fields =
    'time id kind listener region snapshot client request verdict status reason rules detected micros upstream response'
  for (const one of [logged, record]) assert.deepEqual(Object.keys(one), fields.split(' '))
  assert.deepEqual(Object.keys(logged.client), ['ip', 'country', 'asn', 'endpoint', 'account', 'key'])
  assert.deepEqual(logged.request, { method: 'POST', host: 'api.example', path: '/a', bytes: 2, inspected: 0 })
  assert.equal(new Date(logged.time).toISOString(), logged.time)
  assert.ok(!JSON.stringify(logged).includes('secret'))
})
