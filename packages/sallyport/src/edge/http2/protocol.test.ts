import assert from 'node:assert/strict'
import { constants } from 'node:http2'
import { test } from 'node:test'
import { edgeUnderTest, upstreamUnderTest } from '../edge-under-test.ts'
import { block, type Fields, flag, frame, frameClient, head, integer, type, uint32 } from './frames-under-test.ts'

const line: Fields = [
  [':method', 'GET'],
  [':path', '/'],
  [':scheme', 'https'],
  [':authority', 'a'],
]
const without = (name: string): Fields => line.filter(([other]) => other !== name)
const having = (name: string, value: string): Fields => line.map(([n, v]) => [n, n === name ? value : v])

const protocolError = 1

/** One whole request; nothing may go on to the upstream. */
const malformed: readonly { why: string; fields: Fields }[] = [
  { why: 'a name in upper case (RFC 9113 §8.2.1)', fields: [...line, ['X-A', '1']] },
  { why: 'transfer-encoding (§8.2.2)', fields: [...line, ['transfer-encoding', 'chunked']] },
  { why: 'connection', fields: [...line, ['connection', 'x-forwarded-for']] },
  { why: 'keep-alive', fields: [...line, ['keep-alive', 'timeout=5']] },
  { why: 'proxy-connection', fields: [...line, ['proxy-connection', 'close']] },
  { why: 'upgrade', fields: [...line, ['upgrade', 'websocket']] },
  { why: 'te that is not trailers', fields: [...line, ['te', 'gzip']] },
  { why: 'no :method (§8.3.1)', fields: without(':method') },
  { why: 'no :path', fields: without(':path') },
  { why: 'no :scheme', fields: without(':scheme') },
  { why: 'an empty :path', fields: having(':path', '') },
  { why: 'a :path with a space', fields: having(':path', '/a b') },
  { why: 'a :path with CR and LF', fields: having(':path', '/ HTTP/1.1\r\nx: y') },
  { why: 'a :path that is no path', fields: having(':path', 'a') },
  { why: 'a :method with a space', fields: having(':method', 'GET /admin HTTP/1.1') },
  { why: 'an :authority with a space', fields: having(':authority', 'a b') },
  { why: 'an :authority with user information', fields: having(':authority', 'me@a') },
  { why: 'two :path', fields: [...line, [':path', '/b']] },
  { why: 'two :method', fields: [...line, [':method', 'POST']] },
  { why: 'two :authority', fields: [...line, [':authority', 'b']] },
  { why: 'a pseudo field behind a field', fields: [['x', '1'], ...line] },
  { why: 'an unknown pseudo field', fields: [...line, [':admin', '1']] },
  { why: 'a pseudo field of answers', fields: [...line, [':status', '200']] },
  { why: ':protocol, which was not offered (RFC 8441)', fields: [...line, [':protocol', 'websocket']] },
  { why: 'a content-length without a body', fields: [...line, ['content-length', '5']] },
  { why: 'two content-lengths', fields: [...line, ['content-length', '0'], ['content-length', '0']] },
  { why: 'a content-length that is no number', fields: [...line, ['content-length', '0x0']] },
  { why: 'a host that is not :authority', fields: [...line, ['host', 'b']] },
  { why: 'neither :authority nor host', fields: without(':authority') },
  { why: 'an empty :authority', fields: having(':authority', '') },
  { why: 'another scheme than it came by', fields: having(':scheme', 'http') },
  { why: 'a :path in absolute form', fields: having(':path', 'https://a/') },
  { why: 'CONNECT', fields: [...without(':path').filter(([name]) => name === ':authority'), [':method', 'CONNECT']] },
]
for (const { why, fields } of malformed) {
  test(`${why}: the stream is refused, the next is served`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    client.send(frame(type.headers, flag.endHeaders | flag.endStream, 1, block(fields)))
    const said = await client.next((one) => one.stream === 1)
    if (said?.type === type.reset) assert.equal(said.payload.readUInt32BE(), protocolError)
    else assert.equal((await edge.logged(0)).reason, 'protocol')
    client.send(frame(type.headers, flag.endHeaders | flag.endStream, 3, head('GET', ['x-is', 'the next'])))
    assert.equal((await client.next((one) => one.stream === 3))?.type, type.headers)
    assert.deepEqual(
      upstream.arrived.map(({ rawHeaders }) => rawHeaders.includes('the next')),
      [true],
    )
  })
}

/** nghttp2 leaves such a field out in silence, where RFC 9113 §8.2.1 would have the stream refused. What matters holds: what is
 *  judged is what arrives. */
const unsayable: Fields = [
  ['x-a', 'a\rb'],
  ['x-a', 'a\nb'],
  ['x-a', 'a\0b'],
  ['x-a', 'a\r\nx-forwarded-for: 6.6.6.6'],
  ['x-a', ' a'],
  ['x-a', '\x01'],
  ['x-a b', '1'],
  ['x-a:b', '1'],
  ['x-a\r\nx-forwarded-for: 6.6.6.6', '1'],
  ['', '1'],
]
for (const [name, value] of unsayable) {
  test(`the field ${JSON.stringify(name)}: ${JSON.stringify(value)} is read by nobody: it is gone before rules and upstream`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    client.send(frame(type.headers, flag.endHeaders | flag.endStream, 1, head('GET', [name, value])))
    const said = await client.next((one) => one.stream === 1)
    if (said?.type === type.reset) return
    const { rawHeaders = [] } = upstream.arrived[0] ?? {}
    assert.doesNotMatch(rawHeaders.join('\n'), /x-a|6\.6\.6\.6/)
    assert.ok(!rawHeaders.includes(''))
  })
}

const bodies: readonly { why: string; frames: readonly Buffer[] }[] = [
  {
    why: 'less data than its content-length says (§8.1.1)',
    frames: [
      frame(type.headers, flag.endHeaders, 1, head('POST', ['content-length', '5'])),
      frame(type.data, flag.endStream, 1, Buffer.from('abc')),
    ],
  },
  {
    why: 'more data than its content-length says',
    frames: [
      frame(type.headers, flag.endHeaders, 1, head('POST', ['content-length', '2'])),
      frame(type.data, flag.endStream, 1, Buffer.from('abc')),
    ],
  },
  ...[0, 2, 8].map((code) => ({
    why: `a reset with code ${code} in its middle`,
    frames: [
      frame(type.headers, flag.endHeaders, 1, head('POST')),
      frame(type.data, 0, 1, Buffer.from('abc')),
      frame(type.reset, 0, 1, uint32(code)),
    ],
  })),
  {
    why: 'pseudo fields in its trailers (§8.1)',
    frames: [
      frame(type.headers, flag.endHeaders, 1, head('POST')),
      frame(type.data, 0, 1, Buffer.from('abc')),
      frame(type.headers, flag.endHeaders | flag.endStream, 1, block([[':path', '/admin']])),
    ],
  },
  {
    why: 'trailers that do not end the stream',
    frames: [
      frame(type.headers, flag.endHeaders, 1, head('POST')),
      frame(type.data, 0, 1, Buffer.from('abc')),
      frame(type.headers, flag.endHeaders, 1, block([['t', '1']])),
    ],
  },
]
for (const { why, frames } of bodies) {
  test(`a body with ${why} goes nowhere, whether its frames come at once or one by one`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    for (const atOnce of [true, false]) {
      using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
      if (atOnce) client.send(...frames)
      for (const [index, one] of atOnce ? [] : frames.entries()) {
        client.send(one, frame(type.ping, 0, 0, Buffer.alloc(8, index)))
        await client.next((said) => said.type === type.ping && said.payload[0] === index)
      }
      client.send(frame(type.headers, flag.endHeaders | flag.endStream, 3, head('GET', ['x-is', 'the next'])))
      await client.next((said) => said.stream === 3 || said.type === type.goaway)
    }
    assert.ok(upstream.arrived.every(({ rawHeaders }) => rawHeaders.includes('the next')))
  })
}

test('a body of no bytes that ends in a frame of its own is whole, however soon that comes', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  client.send(frame(type.headers, flag.endHeaders, 1, head('POST')), frame(type.data, flag.endStream, 1))
  assert.equal((await client.next((one) => one.stream === 1))?.type, type.headers)
  assert.equal(upstream.arrived[0]?.body.length, 0)
})

test('a body in several frames, padded, empty ones between, arrives as one', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  const padded = 8
  client.send(
    frame(type.headers, flag.endHeaders, 1, head('POST')),
    frame(type.data, padded, 1, Buffer.concat([Buffer.from([3]), Buffer.from('ab'), Buffer.alloc(3)])),
    frame(type.data, 0, 1),
    frame(type.data, 0, 1, Buffer.from('cd')),
    frame(type.headers, flag.endHeaders | flag.endStream, 1, block([['x-trailer', '1']])),
  )
  await client.next((one) => one.stream === 1)
  assert.equal(String(upstream.arrived[0]?.body), 'abcd')
  assert.ok(!upstream.arrived[0]?.rawHeaders.includes('x-trailer'))
})

test('the HTTP/2 bomb ends its connections at once, and nothing of it reaches the upstream (CVE-2026-49975)', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({
    origin: upstream.origin,
    bounds: { headerTimeMax: 100_000, requestTimeMax: 200_000 },
  })
  const [connections, streams, references] = [20, 100, 120]
  const noWindow = Buffer.from([0, constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0, 0, 0, 0])
  // A literal that is kept in the table (RFC 7541 §6.2.1), then one byte each time it is meant (§6.1).
  const cookie = Buffer.concat([
    Buffer.from([0x40]),
    integer(6, 7),
    Buffer.from('cookie'),
    integer(1, 7),
    Buffer.from('a'),
  ])
  const meant = Buffer.alloc(references, 0x80 | 62)
  const bomb = Array.from({ length: streams }, (_, n) =>
    frame(
      type.headers,
      flag.endHeaders | flag.endStream,
      2 * n + 1,
      Buffer.concat([head('GET'), n === 0 ? cookie : Buffer.alloc(0), meant]),
    ),
  )
  const closed = Array.from({ length: connections }, async () => {
    const client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    client.send(frame(type.settings, 0, 0, noWindow), ...bomb)
    await client.closed
  })
  await Promise.all(closed)
  assert.equal(upstream.arrived.length, 0)
  assert.deepEqual(
    new Set(edge.log.map(({ kind, verdict, reason }) => `${kind} ${verdict} ${reason}`)),
    new Set(['connection reject protocol']),
  )
})

test('more fields than are allowed are refused with 431, and far more by resetting the stream', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, bounds: { headerFieldsMax: 10 } })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  const having = (fields: number): Buffer =>
    head('GET', ...Array.from({ length: fields }, (_, n) => [`x-${n}`, '1'] as const))
  client.send(frame(type.headers, flag.endHeaders | flag.endStream, 1, having(10)))
  assert.equal((await client.next((one) => one.stream === 1))?.type, type.headers)
  assert.equal((await edge.logged(0)).status, 431)
  client.send(frame(type.headers, flag.endHeaders | flag.endStream, 3, having(12)))
  assert.equal((await client.next((one) => one.stream === 3))?.type, type.reset)
  assert.equal(upstream.arrived.length, 0)
})
