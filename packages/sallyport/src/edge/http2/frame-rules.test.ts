import assert from 'node:assert/strict'
import { constants } from 'node:http2'
import { test } from 'node:test'
import { edgeUnderTest, hastyUpstream, upstreamUnderTest } from '../edge-under-test.ts'
import { flag, frame, frameClient, head, type, uint32 } from './frames-under-test.ts'

const protocolError = 1
const get = (stream: number): Buffer => frame(type.headers, flag.endHeaders | flag.endStream, stream, head('GET'))
const post = (stream: number): Buffer => frame(type.headers, flag.endHeaders, stream, head('POST'))
const streamClosed = 5
const flowControlError = 3

const breaches: readonly { why: string; frames: readonly Buffer[]; code: number }[] = [
  { why: 'DATA behind the end of its stream', frames: [get(1), frame(type.data, 0, 1)], code: streamClosed },
  { why: 'HEADERS behind the end of their stream', frames: [get(1), get(1)], code: streamClosed },
  {
    why: 'DATA on a stream that the client has reset',
    frames: [post(1), frame(type.reset, 0, 1, uint32(8)), frame(type.data, 0, 1)],
    code: streamClosed,
  },
  { why: 'a stream whose number is lower than the last', frames: [get(3), get(1)], code: streamClosed },
  {
    why: 'PRIORITY of the connection (RFC 9113 §6.3)',
    frames: [frame(type.priority, 0, 0, Buffer.alloc(5))],
    code: protocolError,
  },
  {
    why: 'PRIORITY that depends on itself (RFC 7540 §5.3.1)',
    frames: [frame(type.priority, 0, 7, Buffer.from([0, 0, 0, 7, 0]))],
    code: protocolError,
  },
]
for (const { why, frames, code } of breaches) {
  test(`${why}: the connection ends and says ${code}, with a decision`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    client.send(...frames)
    const said = await client.next((one) => one.type === type.goaway)
    assert.equal(said?.payload.readUInt32BE(4), code)
    await client.closed
    while (!edge.log.some(({ kind }) => kind === 'connection')) await edge.logged(edge.log.length)
    const record = edge.log.find(({ kind }) => kind === 'connection')
    assert.deepEqual([record?.verdict, record?.reason, record?.status], ['reject', 'protocol', null])
  })
}

/** Behind a GOAWAY of the client, Node's session tells nobody of a breach. */
for (const before of [[], [frame(type.goaway, 0, 0, Buffer.alloc(8))]]) {
  const why = before.length === 0 ? '' : ' behind a GOAWAY of the client'
  test(`a breach that nghttp2 finds${why} ends the connection, and the request on it, though the client stays`, async () => {
    const asked = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<void>()
    await using upstream = await hastyUpstream((request) => {
      request.once('close', gone.resolve)
      asked.resolve()
    })
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    client.send(get(1))
    await asked.promise
    client.send(...before, frame(type.ping, 0, 0, Buffer.alloc(4)))
    const said = await client.next((one) => one.type === type.goaway && one.payload.readUInt32BE(4) !== 0)
    assert.equal(said?.payload.readUInt32BE(4), constants.NGHTTP2_FRAME_SIZE_ERROR)
    await Promise.all([client.closed, gone.promise])
    const records = [await edge.logged(0), await edge.logged(1)]
    assert.deepEqual(new Set(records.map(({ kind }) => kind)), new Set(['connection', 'request']))
  })
}

test('a window over its maximum resets the stream alone (RFC 9113 §6.9.1)', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  client.send(post(1), frame(type.ping, 0, 0, Buffer.alloc(8)))
  await client.next((one) => one.type === type.ping)
  client.send(frame(type.window, 0, 1, uint32(2 ** 31 - 1)))
  const said = await client.next((one) => one.stream === 1)
  assert.deepEqual([said?.type, said?.payload.readUInt32BE()], [type.reset, flowControlError])
  client.send(get(3))
  assert.equal((await client.next((one) => one.stream === 3))?.type, type.headers)
})

test('a window that was used may be given again, over more bytes than its maximum', async () => {
  const bytes = 300_000
  await using upstream = await upstreamUnderTest((_, response) => response.end(Buffer.alloc(bytes)))
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  const most = 2 ** 31 - 1
  const setting = Buffer.concat([Buffer.from([0, constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE]), uint32(most)])
  client.send(frame(type.settings, 0, 0, setting), frame(type.window, 0, 0, uint32(most - 65_535)), get(1))
  await client.next((one) => one.type === type.data)
  const sum = (): number => client.frames.reduce((n, one) => n + (one.type === type.data ? one.payload.length : 0), 0)
  client.send(frame(type.window, 0, 1, uint32(sum())))
  const last = await client.next((one) => one.stream === 1 && (one.flags & flag.endStream) === 1)
  assert.deepEqual([last?.type, sum()], [type.data, bytes])
})

for (const [stream, bytes] of [
  [1, 8],
  [0, 7],
]) {
  test(`what answers no PING and is none, on stream ${stream} with ${bytes} bytes, ends the connection`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    client.send(frame(type.ping, flag.ack, stream ?? 0, Buffer.alloc(bytes ?? 0)))
    assert.notEqual(await client.next((one) => one.type === type.goaway), null)
    await client.closed
  })
}

test('no frame is taken out of the middle of a header section, where each ends the connection (RFC 9113 §6.2)', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const whole = head('GET')
  for (const between of [
    frame(type.ping, flag.ack, 0, Buffer.alloc(8)),
    frame(type.window, 0, 1, uint32(2 ** 31 - 1)),
  ]) {
    using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    const rest = frame(type.continuation, flag.endHeaders, 1, whole.subarray(5))
    client.send(frame(type.headers, flag.endStream, 1, whole.subarray(0, 5)), between, rest)
    await client.closed
  }
  assert.deepEqual(upstream.arrived, [])
})

test('answers to a PING that nobody sent are left unanswered', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  const ping = (flags: number, mark: number): Buffer => frame(type.ping, flags, 0, Buffer.alloc(8, mark))
  client.send(ping(flag.ack, 1), ping(0, 2))
  const said = await client.next((one) => one.type === type.ping)
  assert.equal(said?.payload[0], 2)
})

test('frames that were on their way when the edge reset their stream are no fault', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1', path: '/api/' })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  client.send(post(1))
  await client.next((one) => one.type === type.reset)
  client.send(frame(type.data, 0, 1, Buffer.from('late')), frame(type.data, flag.endStream, 1), get(3))
  assert.equal((await client.next((one) => one.stream === 3))?.type, type.headers)
})
