import assert from 'node:assert/strict'
import { PassThrough, Writable } from 'node:stream'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { logBacklogBytesMax } from './bounds.ts'
import { decide } from './decision.ts'
import { type DecisionRecord, decisionLines, refusalRecord } from './decision-log.ts'
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

test('records are written one a line, gathered to one write a turn', async () => {
  const out = new PassThrough()
  const log = decisionLines(
    () => out,
    () => undefined,
  )
  log(record)
  log(record)
  await turn()
  assert.equal(String(out.read()), `${JSON.stringify(record)}\n`.repeat(2))
})

test('a reader that does not read costs bounded memory, and hears how many lines it missed', async () => {
  const held: (() => void)[] = []
  const out = new Writable({ write: (_chunk, _encoding, done) => void held.push(done) })
  const dropped: number[] = []
  const log = decisionLines(
    () => out,
    (lines) => dropped.push(lines),
  )
  const lines = Math.ceil((2 * logBacklogBytesMax) / JSON.stringify(record).length)
  for (let i = 0; i < lines; i++) {
    log(record)
    if (i % 1000 === 0) await turn()
  }
  await turn()
  assert.ok(out.writableLength <= logBacklogBytesMax + JSON.stringify(record).length + 1)
  while (held.length > 0) {
    held.shift()?.()
    await turn()
  }
  log(record)
  await turn()
  assert.ok(dropped.reduce((sum, one) => sum + one, 0) >= lines / 3)
})
