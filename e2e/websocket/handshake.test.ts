import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { converse, handshake, key } from './conversation.ts'
import { closing } from './frames.ts'
import { openWays, type Way } from './ways.ts'

const ways = await openWays({ rules: '[{ use: core, mode: block }]' })
after(() => ways[Symbol.asyncDispose]())

let asked = 0

/** What is of one connection, and so may differ between two (RFC 9110 §7.6.1); and the clock. */
const ofConnection = /^(connection|keep-alive|transfer-encoding|upgrade|date):/i

interface Answer {
  readonly line: string
  readonly fields: readonly string[]
  readonly body: string
}

async function ask(way: Way, to: 'peer' | 'raw', bytes: string): Promise<Answer> {
  const socket = way.connect(to)
  socket.write(bytes, 'latin1')
  const text = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString('latin1')
  socket.end()
  const end = text.indexOf('\r\n\r\n')
  const [line = '', ...fields] = text.slice(0, end).split('\r\n')
  const named = fields.map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase()))
  return { line, fields: named.filter((field) => !ofConnection.test(field)).sort(), body: text.slice(end + 4) }
}

const offers: readonly { name: string; fields: string; path?: string; answer: readonly string[] }[] = [
  { name: 'one protocol', fields: 'Sec-WebSocket-Protocol: v1\r\n', answer: ['sec-websocket-protocol: v1'] },
  { name: 'two protocols', fields: 'Sec-WebSocket-Protocol: v1, v2\r\n', answer: ['sec-websocket-protocol: v2'] },
  {
    name: 'two protocols in two fields',
    fields: 'Sec-WebSocket-Protocol: v1\r\nSec-WebSocket-Protocol: v2\r\n',
    answer: ['sec-websocket-protocol: v2'],
  },
  {
    name: 'compression where there is some',
    path: '/deflate',
    fields: 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n',
    answer: ['sec-websocket-extensions: permessage-deflate'],
  },
  {
    name: 'compression where there is none',
    fields: 'Sec-WebSocket-Extensions: permessage-deflate\r\n',
    answer: [],
  },
  { name: 'fields that a browser sends', fields: 'Origin: https://a.example\r\nCookie: a=b\r\n', answer: [] },
]
for (const { name, fields, path = '/echo', answer } of offers) {
  test(`a handshake through the edge is answered as without it: ${name}`, async () => {
    const heads = await Promise.all(
      [ways.direct, ...ways.throughEdge].map(async (way) => {
        const script = { path: `${path}?id=offer${asked++}`, fields, sends: [closing(1000)] }
        const { head, frames, end } = await converse(way.connect('peer'), script)
        const lines = head.split('\r\n').filter((line) => line !== '')
        const named = lines.map((line) => line.replace(/^[^:]+:/, (start) => start.toLowerCase()))
        return { line: named[0], fields: named.slice(1).sort(), frames, end }
      }),
    )
    const direct = heads[0]
    for (const way of heads) assert.deepEqual(way, direct)
    assert.equal(direct?.line, 'HTTP/1.1 101 Switching Protocols')
    assert.deepEqual(
      direct.fields.filter((field) => /-(protocol|extensions):/.test(field)),
      answer,
    )
  })
}

const spoiled: readonly { name: string; change: (asks: string) => string; status: number }[] = [
  { name: 'an unknown version', change: (asks) => asks.replace(': 13', ': 99'), status: 400 },
  { name: 'no version', change: (asks) => asks.replace('Sec-WebSocket-Version: 13\r\n', ''), status: 400 },
  { name: 'no key', change: (asks) => asks.replace(`Sec-WebSocket-Key: ${key}\r\n`, ''), status: 400 },
  { name: 'a key that is none', change: (asks) => asks.replace(key, 'short'), status: 400 },
  { name: 'a path that has no socket', change: (asks) => asks.replace('/echo', '/none'), status: 404 },
  {
    name: 'a protocol that is no token',
    change: (asks) => asks.replace('Connection', 'Sec-WebSocket-Protocol: a b\r\nConnection'),
    status: 400,
  },
  {
    name: 'an extension that is none',
    change: (asks) =>
      asks.replace('/echo', '/deflate').replace('Connection', 'Sec-WebSocket-Extensions: ;\r\nConnection'),
    status: 400,
  },
]
for (const { name, change, status } of spoiled) {
  test(`a handshake that the upstream refuses is refused through the edge in the same words: ${name}`, async () => {
    const bytes = change(handshake('/echo'))
    const direct = await ask(ways.direct, 'peer', bytes)
    assert.equal(Number(direct.line.split(' ')[1]), status)
    for (const way of ways.throughEdge) assert.deepEqual(await ask(way, 'peer', bytes), direct, way.name)
  })
}

const answers: readonly { name: string; says: string }[] = [
  {
    name: '401 with a challenge',
    says: '401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 4\r\n\r\nwho?',
  },
  { name: '426 with a body', says: '426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\nno!' },
  { name: '200 with a body', says: '200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\n\r\nhello' },
  { name: '302 to elsewhere', says: '302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n' },
  { name: '503 until later', says: '503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n' },
]
for (const { name, says } of answers) {
  test(`an upstream that answers an upgrade otherwise is heard as without the edge: ${name}`, async () => {
    const path = `/raw/answer${asked++}`
    ways.raw.at(path, (socket) => socket.resume().end(`HTTP/1.1 ${says}`))
    const direct = await ask(ways.direct, 'raw', handshake(path))
    for (const way of ways.throughEdge) assert.deepEqual(await ask(way, 'raw', handshake(path)), direct, way.name)
  })
}

const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const wrong: readonly { name: string; asks: (path: string) => string; says: string }[] = [
  { name: 'a 101 to another protocol', asks: handshake, says: switched.replace('websocket', 'h2c') },
  { name: 'a 101 to no protocol', asks: handshake, says: switched.replace('Upgrade: websocket\r\n', '') },
  {
    name: 'a 101 that nobody asked for',
    asks: (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    says: switched,
  },
  { name: 'no HTTP at all', asks: handshake, says: 'hello\r\n\r\n' },
  { name: 'an end and no answer', asks: handshake, says: '' },
]
for (const { name, asks, says } of wrong) {
  test(`an upstream that answers by ${name} is a 502, and none of its bytes arrive`, async () => {
    for (const way of ways.throughEdge) {
      const path = `/raw/wrong${asked++}`
      ways.raw.at(path, (socket) => socket.resume().end(says === '' ? '' : `${says}smuggled`))
      const answer = await ask(way, 'raw', asks(path))
      assert.match(answer.line, /^HTTP\/1\.1 502 /)
      assert.ok(!answer.body.includes('smuggled'))
    }
  })
}

test('an attack in the request for a tunnel is refused, and nothing of it reaches the upstream', async () => {
  const attack = `/echo?id=attack&q=${encodeURIComponent("' UNION SELECT login,password FROM users-- -")}`
  for (const way of ways.throughEdge) {
    const answer = await ask(way, 'peer', handshake(attack))
    assert.match(answer.line, /^HTTP\/1\.1 403 /)
  }
  assert.ok(!ways.peer.asked.has('attack'))
})
