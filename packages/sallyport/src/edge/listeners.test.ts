import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { edgeUnderTest, temporaryFolder, until, untilClosed, upstreamUnderTest } from './edge-under-test.ts'
import { startEdge } from './server.ts'
import type { ListenerPlan } from './snapshot.ts'

const nowhere = { origin: 'http://127.0.0.1:1', plain: true }
const get = 'GET / HTTP/1.1\r\nHost: a\r\n'
const kept = `${get}\r\n`

test('connections of an address over their bound are closed at accept with a decision, and taken again when others end', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({
    ...nowhere,
    origin: upstream.origin,
    bounds: { connectionsPerAddressMax: 2 },
  })
  const held = [edge.connect(), edge.connect()]
  for (const socket of held) {
    socket.write(kept)
    await until(socket, (text) => text.includes('\r\n\r\n'))
  }
  const over = edge.connect()
  over.write(kept)
  assert.equal(await untilClosed(over), '')
  const { kind, verdict, reason, status, client } = await edge.logged(2)
  assert.deepEqual([kind, verdict, reason, status, client.ip], ['connection', 'reject', 'overload', null, '127.0.0.1'])
  held[0]?.destroy()
  // The edge sees the end of that connection before the beginning of a later one.
  await once(held[0] ?? over, 'close')
  let text = ''
  while (text === '') text = await edge.talk(`${get}Connection: close\r\n\r\n`)
  assert.match(text, /^HTTP\/1\.1 200 /)
  held[1]?.destroy()
})

test('connections of a trusted proxy are not counted, and its clients are told apart', async () => {
  await using upstream = await upstreamUnderTest()
  const setting = { ...nowhere, origin: upstream.origin, trusts: () => true, bounds: { connectionsPerAddressMax: 1 } }
  await using edge = await edgeUnderTest(setting)
  const held = edge.connect()
  held.write(kept)
  await until(held, (text) => text.includes('\r\n\r\n'))
  assert.match(
    await edge.talk(`${get}X-Forwarded-For: 203.0.113.9, 127.0.0.1\r\nConnection: close\r\n\r\n`),
    /^HTTP\/1\.1 200 /,
  )
  held.destroy()
  // Every address is trusted here, so the walk ends at the last.
  assert.equal((await edge.logged(1)).client.ip, '203.0.113.9')
})

const challenge = '/.well-known/acme-challenge/token'
const asked: readonly { why: string; target: string; method?: string; expect: RegExp; verdict: string }[] = [
  {
    why: 'an open challenge is answered',
    target: challenge,
    expect: /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nproof$/,
    verdict: 'allow',
  },
  { why: 'another token is refused', target: `${challenge}2`, expect: /^HTTP\/1\.1 403 /, verdict: 'block' },
  { why: 'any other path is refused', target: '/api/', expect: /^HTTP\/1\.1 403 /, verdict: 'block' },
  {
    why: 'a challenge is not posted to',
    target: challenge,
    method: 'POST',
    expect: /^HTTP\/1\.1 403 /,
    verdict: 'block',
  },
]
for (const { why, target, method = 'GET', expect, verdict } of asked) {
  test(`on a listener for challenges, ${why}, with no redirect, and nothing is forwarded`, async () => {
    await using upstream = await upstreamUnderTest()
    const answerChallenge = (path: string): string | null => (path === challenge ? 'proof' : null)
    await using edge = await edgeUnderTest({ ...nowhere, origin: upstream.origin, serves: 'acme', answerChallenge })
    const text = await edge.talk(`${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    assert.match(text, expect)
    assert.doesNotMatch(text, /location/i)
    const record = await edge.logged(0)
    assert.deepEqual([record.verdict, record.reason], [verdict, verdict === 'allow' ? null : 'policy'])
    assert.deepEqual(upstream.arrived, [])
  })
}

test('a Unix socket is listened on, and one left behind by a killed edge is replaced', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ ...nowhere, origin: upstream.origin })
  const path = join(await temporaryFolder(), 'edge.sock')
  const [plan] = edge.snapshot.listeners as readonly [ListenerPlan]
  const snapshot = { ...edge.snapshot, listeners: [{ ...plan, listen: { kind: 'unix', path } as const }] }
  const settings = { snapshot, log: () => undefined, onFault: () => undefined }
  const first = await startEdge(settings)
  assert.deepEqual(first.ready(), [{ name: 'public', url: `unix:${path}` }])
  const socket = connect(path)
  socket.write(`${get}Connection: close\r\n\r\n`)
  assert.match(await untilClosed(socket), /^HTTP\/1\.1 200 /)
  await assert.rejects(startEdge(settings), { name: 'ListenError', code: 'EADDRINUSE' })
  await first.stop()
})
