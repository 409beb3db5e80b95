import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { edgeUnderTest, hastyUpstream, upstreamUnderTest } from '../edge-under-test.ts'
import { http2Client } from './client-under-test.ts'
import { flag, frame, frameClient, head, type } from './frames-under-test.ts'

const endless = 1_000_000

test('a connection that asks for nothing ends, whatever else it sends', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1', bounds: { headerTimeMax: 50 } })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  const chatter = (): void => client.send(frame(type.ping, 0, 0, Buffer.alloc(8)))
  client.socket.on('data', chatter) // its answer is followed by the next
  chatter()
  await client.closed
  const record = await edge.logged(0)
  assert.deepEqual([record.kind, record.reason, record.status], ['connection', 'protocol', null])
})

test('a header section that does not end is ended', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1', bounds: { headerTimeMax: 50 } })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  client.send(frame(type.headers, 0, 1, head('GET')), frame(type.continuation, 0, 1))
  await client.closed
})

test('a connection without a stream is told to go when it has been idle for its time', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, bounds: { idleTimeMax: 50 } })
  using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
  client.send(frame(type.headers, flag.endHeaders | flag.endStream, 1, head('GET')))
  const said = await client.next((one) => one.type === type.goaway)
  assert.equal(said?.payload.readUInt32BE(4), 0)
  await client.closed
})

test('a stream that is being answered is no idle one', async () => {
  const asked = Promise.withResolvers<() => void>()
  await using upstream = await hastyUpstream((_, response) => asked.resolve(() => response.end('done')))
  await using edge = await edgeUnderTest({ origin: upstream.origin, bounds: { idleTimeMax: 50, headerTimeMax: 50 } })
  await using client = await http2Client(edge)
  const answer = client.ask({})
  const finish = await asked.promise
  // When a connection that asks for nothing has been ended, and then another, this one was looked at between the two.
  for (let ended = 0; ended < 2; ended++) {
    using quiet = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    await quiet.closed
  }
  finish()
  assert.equal((await answer).body, 'done')
})

test('a body that takes longer than a request may is refused with 408', async () => {
  await using edge = await edgeUnderTest({
    origin: 'http://127.0.0.1:1',
    bounds: { headerTimeMax: 50, requestTimeMax: 60 },
  })
  await using client = await http2Client(edge)
  const stream = client.session.request({ ':method': 'POST', ':path': '/', ':authority': 'a' })
  stream.write('half')
  const [fields] = (await once(stream, 'response')) as [Record<string, unknown>]
  assert.equal(fields[':status'], 408)
  await once(stream.resume(), 'close')
  assert.deepEqual([(await edge.logged(0)).reason, (await edge.logged(0)).status], ['protocol', 408])
})

test('a stopping edge answers the streams in flight and says that the connection ends', async () => {
  const asked = Promise.withResolvers<() => void>()
  await using upstream = await hastyUpstream((_, response) => asked.resolve(() => response.end('done')))
  const edge = await edgeUnderTest({ origin: upstream.origin, bounds: { idleTimeMax: endless, drainTimeMax: endless } })
  await using busy = await http2Client(edge)
  await using idle = await http2Client(edge)
  const answer = busy.ask({})
  const finish = await asked.promise
  const gone = Promise.all([once(idle.session, 'close'), once(busy.session, 'goaway')])
  const stopped = edge.stop()
  await gone
  finish()
  assert.equal((await answer).body, 'done')
  await stopped
})
