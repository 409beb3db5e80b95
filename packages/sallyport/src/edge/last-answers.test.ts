import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { type EdgeUnderTest, edgeUnderTest, hastyUpstream, untilClosed } from './edge-under-test.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

for (const { why, end } of [
  { why: 'the edge is about to end', end: (edge: EdgeUnderTest) => edge.edge.leave() },
  {
    why: 'its listener is in the configuration no more',
    end: async (edge: EdgeUnderTest) => void (await edge.edge.prepare({ ...edge.snapshot, listeners: [] })).swap(),
  },
]) {
  test(`the answer of a request in flight tells the client that it is the last of its connection, where ${why}`, async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    await using upstream = await hastyUpstream((_, response) => asked.resolve(response))
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    const client = edge.connect()
    client.write(get)
    const response = await asked.promise
    await end(edge)
    response.end('hello')
    assert.match(await untilClosed(client), /^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n/)
  })
}
