import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { test } from 'node:test'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { edgeUnderTest, hastyUpstream, until, untilClosed, upstreamUnderTest } from './edge-under-test.ts'
import { startEdge } from './server.ts'
import { emptySnapshot } from './snapshot.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

test('a listener without a certificate speaks plain HTTP', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, plain: true })
  assert.match(edge.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  assert.match(await edge.talk(get), /^HTTP\/1\.1 200 /)
})

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  for (const offers of [['http/1.1'], ['http/1.1', 'h2']]) {
    const agreed = offers.at(-1)
    test(`${version} is spoken, ${agreed} is agreed on with who offers ${offers}, and the certificate is good for localhost`, async () => {
      await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
      const versions = { minVersion: version, maxVersion: version }
      const socket = edge.connect({ ...versions, ALPNProtocols: offers }) as TLSSocket
      await once(socket, 'secureConnect')
      assert.deepEqual([socket.getProtocol(), socket.alpnProtocol], [version, agreed])
      socket.destroy()
    })
  }
}

const weak: readonly { why: string; options: Record<string, unknown> }[] = [
  { why: 'TLS 1.1', options: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } },
  { why: 'a CBC cipher', options: { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } },
  { why: 'a key exchange without forward secrecy', options: { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' } },
]
for (const { why, options } of weak) {
  test(`${why} is refused, with a decision about the connection`, async () => {
    await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
    const socket = connectTls({ port: edge.port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
    await assert.rejects(once(socket, 'secureConnect'))
    const record = await edge.logged(0)
    assert.deepEqual(
      [record.kind, record.verdict, record.reason, record.status],
      ['connection', 'reject', 'protocol', null],
    )
    assert.deepEqual([record.client.ip, record.request], ['127.0.0.1', null])
  })
}

test('a client cannot have its handshake over again, which costs it less than the edge (CVE-2011-1473)', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
  const socket = edge.connect({ maxVersion: 'TLSv1.2' }) as TLSSocket
  await once(socket, 'secureConnect')
  const answered = Promise.withResolvers<Error | null>()
  socket.on('error', answered.resolve)
  socket.renegotiate({ rejectUnauthorized: false }, answered.resolve)
  assert.match(String(await answered.promise), /no renegotiation/i)
  socket.destroy()
})

test('plain HTTP to a TLS listener is refused and answered nothing', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
  const socket = connectTcp({ port: edge.port, host: '127.0.0.1' })
  socket.write(get)
  assert.equal(await untilClosed(socket), '')
  assert.equal((await edge.logged(0)).kind, 'connection')
})

test('a peer that only opens and closes the port leaves no decision', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const socket = connectTcp({ port: edge.port, host: '127.0.0.1' })
  await once(socket, 'connect')
  socket.end()
  await once(socket.resume(), 'close')
  await edge.talk(get)
  assert.deepEqual((await edge.logged(0)).kind, 'request')
})

const slow: readonly { why: string; begins: string; expects: RegExp }[] = [
  { why: 'half a request line', begins: 'GET / HT', expects: /^HTTP\/1\.1 408 / },
  { why: 'half a header section', begins: 'GET / HTTP/1.1\r\nHost: a\r\nX: ', expects: /^HTTP\/1\.1 408 / },
]
for (const { why, begins, expects } of slow) {
  test(`a client that sends ${why} and no more is refused with 408`, async () => {
    await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1', bounds: { headerTimeMax: 100 } })
    assert.match(await edge.talk(begins), expects)
    const record = await edge.logged(0)
    assert.deepEqual([record.verdict, record.status, record.reason], ['reject', 408, 'protocol'])
  })
}

test('a TLS handshake that stands still is ended', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1', bounds: { handshakeTimeMax: 100 } })
  const socket = connectTcp({ port: edge.port, host: '127.0.0.1' })
  await once(socket, 'connect')
  socket.write(Buffer.from([0x16, 0x03, 0x01]))
  assert.equal(await untilClosed(socket), '')
  assert.equal((await edge.logged(0)).reason, 'protocol')
})

test('a stopping edge lets a request in flight finish, takes no new one, and closes kept connections', async () => {
  const asked = Promise.withResolvers<() => void>()
  await using upstream = await hastyUpstream((request, response) => {
    if (request.url === '/slow') asked.resolve(() => response.end('done'))
    else response.end()
  })
  const endless = 1_000_000
  const edge = await edgeUnderTest({ origin: upstream.origin, bounds: { idleTimeMax: endless, drainTimeMax: endless } })
  const [idle, busy] = [edge.connect(), edge.connect()]
  idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await until(idle, (text) => text.includes('\r\n\r\n'))
  busy.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
  const finish = await asked.promise
  const stopped = edge.stop()
  await untilClosed(idle)
  await assert.rejects(once(edge.connect(), 'secureConnect'), { code: 'ECONNREFUSED' })
  const answer = untilClosed(busy)
  finish()
  assert.match(await answer, /^HTTP\/1\.1 200 [\s\S]*done/)
  await stopped
})

test('a stopping edge does not wait for ever for a request in flight', async () => {
  const asked = Promise.withResolvers<void>()
  await using upstream = await hastyUpstream(() => asked.resolve())
  const edge = await edgeUnderTest({ origin: upstream.origin, bounds: { drainTimeMax: 50 } })
  const client = edge.connect()
  client.write(get)
  await asked.promise
  const answer = untilClosed(client)
  await edge.stop()
  assert.equal(await answer, '')
})

test('a taken port is an error that says so', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
  const [plan] = edge.snapshot.listeners
  assert.ok(plan)
  const taken = { ...plan, listen: { kind: 'tcp', host: '127.0.0.1', port: edge.port } as const }
  const snapshot = { ...emptySnapshot, listeners: [plan, taken] }
  const settings = { snapshot, log: () => undefined, onFault: () => undefined }
  await assert.rejects(startEdge(settings), { code: 'EADDRINUSE' })
})
