import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { after, test } from 'node:test'
import { converse, endOf, handshake } from './conversation.ts'
import { closing, frame, opcodes } from './frames.ts'
import { pour } from './pour.ts'
import { openWays } from './ways.ts'

const ways = await openWays({ bounds: ', answerSilenceMax: 1s, drainTimeMax: 1s' })
after(() => ways[Symbol.asyncDispose]())

const MiB = 1024 * 1024
const totalBytes = 64 * MiB
/** What edge and kernel may hold between a writer and a reader that does not read: Linux lets a socket's buffers grow to some MiB each way. */
const heldBytesMax = 32 * MiB

const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
let asked = 0

interface Tunnel {
  readonly client: Socket
  readonly upstream: Socket
}

/** A tunnel in which nothing has been said. */
async function rawTunnel(way: (typeof ways.throughEdge)[number]): Promise<Tunnel> {
  const path = `/raw/${asked++}`
  const upstream = Promise.withResolvers<Socket>()
  ways.raw.at(path, (socket) => {
    socket.write(switched)
    upstream.resolve(socket)
  })
  const client = way.connect('raw')
  client.write(handshake(path))
  const [head] = (await once(client, 'data')) as [Buffer]
  client.pause()
  assert.equal(head.toString('latin1'), switched)
  return { client, upstream: await upstream.promise }
}

async function bytesOf(socket: Socket): Promise<number> {
  let bytes = 0
  for await (const chunk of socket) bytes += (chunk as Buffer).length
  return bytes
}

for (const way of ways.throughEdge) {
  for (const writes of ['client', 'upstream'] as const) {
    test(`64 MiB wait for their reader outside the edge, whoever writes (${writes}, ${way.name})`, async () => {
      const tunnel = await rawTunnel(way)
      const [writer, reader] = writes === 'client' ? [tunnel.client, tunnel.upstream] : [tunnel.upstream, tunnel.client]
      const { stuck, written } = pour(writer, totalBytes)
      await stuck
      assert.ok(written() < heldBytesMax, `${written()} bytes are held`)
      assert.equal(await bytesOf(reader), totalBytes)
      reader.end()
      writer.resume()
      await once(writer, 'close')
    })
  }
}

test('200 tunnels at once each carry their own messages', async () => {
  const all = Array.from({ length: 200 }, async (_, i) => {
    const way = ways.throughEdge[i % 2] ?? ways.direct
    const text = `tunnel ${i}`
    const sends = [frame({ opcode: opcodes.text, payload: text }), closing(1000)]
    const id = `many${i}`
    const { frames, end } = await converse(way.connect('peer'), { path: `/echo?id=${id}`, sends })
    assert.equal(frames[0], `1 final reserved 0 ${text.length} ${text}`)
    assert.equal(end, 'ended')
    return await ways.peer.heard(id)
  })
  for (const heard of await Promise.all(all)) assert.equal(heard.at(-1), 'close 1000 ')
})

test('the WebSocket client of Node speaks through the edge', async () => {
  const plain = ways.plainPort
  const socket = new WebSocket(`ws://127.0.0.1:${plain}/deflate?id=node`, ['v1'])
  await once(socket, 'open')
  socket.send('hello')
  const [message] = (await once(socket, 'message')) as [MessageEvent]
  assert.deepEqual([message.data, socket.protocol, socket.extensions], ['hello', 'v1', 'permessage-deflate'])
  socket.close(1000, 'bye')
  const [closed] = (await once(socket, 'close')) as [CloseEvent]
  assert.deepEqual([closed.code, closed.wasClean], [1000, true])
})

/** From here on the edge is changed, then stopped: the order of these tests matters. */
test('tunnels live on through a reload, whose bounds are others', async () => {
  const tunnels = await Promise.all(ways.throughEdge.map(rawTunnel))
  ways.configure({ bounds: ', answerSilenceMax: 1s, drainTimeMax: 1s, headerBytesMax: 32KiB' })
  ways.program.process.kill('SIGHUP')
  await ways.program.line(/^reloaded$/)
  for (const { client, upstream } of tunnels) {
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.write('still here')
      const [chunk] = (await once(to.resume(), 'data')) as [Buffer]
      assert.equal(chunk.toString(), 'still here')
    }
    client.destroy()
  }
})

test('a tunnel in which nothing moves is ended on both sides', async () => {
  const tunnels = await Promise.all(ways.throughEdge.map(rawTunnel))
  const ends = tunnels.flatMap(({ client, upstream }) => [client, upstream].map((socket) => endOf(socket.resume())))
  assert.deepEqual(await Promise.all(ends), ['ended', 'broken', 'ended', 'broken'])
})

test('a stopping edge leaves open tunnels their time, then cuts them and exits 0', async () => {
  const tunnels = await Promise.all(ways.throughEdge.map(rawTunnel))
  ways.program.process.kill('SIGTERM')
  for (const { client, upstream } of tunnels) {
    client.write('last words')
    const [chunk] = (await once(upstream.resume(), 'data')) as [Buffer]
    assert.equal(chunk.toString(), 'last words')
  }
  const ends = tunnels.flatMap(({ client, upstream }) => [client, upstream].map((socket) => endOf(socket.resume())))
  await Promise.all(ends)
  assert.equal(await ways.program.exit, 0)
})
