import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { after, test } from 'node:test'
import { handshake } from './conversation.ts'
import { startTlsRelay } from './tls-relay.ts'
import { openWays, type Way } from './ways.ts'

const ways = await openWays()
const relay = await startTlsRelay(ways.tlsPort)
after(() => Promise.all([relay, ways].map((one) => one[Symbol.asyncDispose]())))

const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

/** One side of a connection: what it hears, and how that stops. */
interface Side {
  readonly say: (text: string) => Promise<unknown>
  readonly end: (text?: string) => void
  /** Until so much has been heard. */
  readonly hears: (text: string) => Promise<void>
  /** Until the other side has ended or broken. */
  readonly stop: Promise<'ended' | 'broken'>
  readonly breakOff: () => void
  readonly drop: () => void
  readonly heard: () => string
}

/** `endedWell`: whether an end is what it seems. */
function sideOf(socket: Socket, endedWell: () => boolean = () => true): Side {
  let heard = ''
  const { promise: stop, resolve } = Promise.withResolvers<'ended' | 'broken'>()
  socket
    .setEncoding('latin1')
    .on('data', (chunk: string) => {
      heard += chunk
      socket.emit('heard')
    })
    .on('end', () => resolve(endedWell() ? 'ended' : 'broken'))
    .on('error', () => resolve('broken'))
    .on('close', () => resolve('broken'))
    .resume()
  return {
    stop,
    breakOff: () => void socket.resetAndDestroy(),
    drop: () => void socket.destroy(),
    say: (text) => new Promise((resolve) => socket.write(text, 'latin1', resolve)),
    end: (text = '') => void socket.end(text, 'latin1'),
    async hears(text) {
      while (!heard.includes(text))
        await Promise.race([once(socket, 'heard'), stop.then(() => assert.ok(heard.includes(text), heard))])
    },
    heard: () => heard,
  }
}

interface Row {
  readonly name: string
  readonly upstream: (side: Side) => Promise<void> | void
  readonly client: (side: Side) => Promise<void> | void
  readonly ahead?: string
  readonly expect: { readonly client: readonly [string, string]; readonly upstream: readonly [string, string] }
}

const rows: readonly Row[] = [
  {
    name: 'a client that ends first hears the rest',
    async client(side) {
      await side.hears(switched)
      side.end('all')
    },
    async upstream(side) {
      await side.say(switched)
      await side.stop
      side.end('the rest')
    },
    expect: { client: ['the rest', 'ended'], upstream: ['all', 'ended'] },
  },
  {
    name: 'an upstream that ends first hears the rest',
    async client(side) {
      await side.stop
      side.end('the rest')
    },
    upstream: (side) => side.end(`${switched}all`),
    expect: { client: ['all', 'ended'], upstream: ['the rest', 'ended'] },
  },
  {
    name: 'a client that breaks off breaks the upstream’s side',
    async client(side) {
      await side.hears(switched)
      await side.say('half')
      await side.hears('heard')
      side.breakOff()
    },
    async upstream(side) {
      await side.say(switched)
      await side.hears('half')
      await side.say('heard')
    },
    expect: { client: ['heard', 'broken'], upstream: ['half', 'broken'] },
  },
  {
    name: 'an upstream that breaks off breaks the client’s side',
    async client(side) {
      await side.hears('half')
      await side.say('heard')
    },
    async upstream(side) {
      await side.say(`${switched}half`)
      await side.hears('heard')
      side.breakOff()
    },
    expect: { client: ['half', 'broken'], upstream: ['heard', 'broken'] },
  },
  {
    name: 'an upstream that dies inside a frame',
    client: (side) => side.stop.then(() => side.end()),
    upstream: (side) => side.end(`${switched}\x82\x7e\xff\xffabc`),
    expect: { client: ['\x82\x7e\xff\xffabc', 'ended'], upstream: ['', 'ended'] },
  },
  {
    name: 'an upstream that ends together with its 101',
    client: (side) => side.stop.then(() => side.end()),
    upstream: (side) => side.end(switched),
    expect: { client: ['', 'ended'], upstream: ['', 'ended'] },
  },
  {
    name: 'bytes sent ahead of a 101 that comes byte by byte',
    ahead: 'ahead',
    async client(side) {
      await side.hears('yes')
      side.end()
    },
    async upstream(side) {
      for (const byte of switched) {
        await side.say(byte)
      }
      await side.hears('ahead')
      await side.say('yes')
      await side.stop
      side.end()
    },
    expect: { client: ['yes', 'ended'], upstream: ['ahead', 'ended'] },
  },
]

/** Of a TLS client it takes a relay to tell an end from a break, and to break off. */
async function clientOf(way: Way): Promise<Side> {
  if (way.name !== 'tls') return sideOf(way.connect('raw'))
  const socket = way.connect('raw', { port: relay.port, maxVersion: 'TLSv1.2' })
  await once(socket, 'secureConnect')
  const relayed = relay.of(socket.localPort ?? 0)
  return { ...sideOf(socket, relayed.saidGoodbye), breakOff: relayed.breakOff }
}

let played = 0

async function play(row: Row, way: Way) {
  const path = `/raw/${played++}`
  const upstream = Promise.withResolvers<Side>()
  ways.raw.at(path, (socket) => {
    const side = sideOf(socket)
    void row.upstream(side)
    upstream.resolve(side)
  })
  const client = await clientOf(way)
  void client.say(handshake(path) + (row.ahead ?? ''))
  await row.client(client)
  const there = await upstream.promise
  const [clientStop, upstreamStop] = await Promise.all([client.stop, there.stop])
  for (const side of [client, there]) side.drop()
  return { client: [client.heard().slice(switched.length), clientStop], upstream: [there.heard(), upstreamStop] }
}

for (const row of rows) {
  for (const way of [ways.direct, ...ways.throughEdge]) {
    test(`an end through the edge as without it (${way.name}): ${row.name}`, async () => {
      assert.deepEqual(await play(row, way), row.expect)
    })
  }
}
