import assert from 'node:assert/strict'
import { test } from 'node:test'
import { edgeUnderTest, until, upstreamUnderTest } from '../edge-under-test.ts'

test('a request whose line might be lost is refused before anything is done for it, and its connection goes on', async () => {
  let takes = false
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, takesDecision: () => takes })
  const client = edge.connect()
  // With a body, which is read away; and not even well-formed.
  client.write('POST //x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc')
  const refused = await until(client, (text) => text.includes('}'))
  assert.match(refused, /^HTTP\/1\.1 503 /)
  assert.match(refused, /^retry-after: 1\r$/im)
  assert.match(refused, /"type":"urn:sallyport:overload"/)
  assert.deepEqual([(await edge.logged(0)).reason, upstream.arrived.length], ['overload', 0])
  takes = true
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.match(await until(client, (text) => text.includes('\r\n\r\n')), /^HTTP\/1\.1 200 /)
  client.destroy()
})
