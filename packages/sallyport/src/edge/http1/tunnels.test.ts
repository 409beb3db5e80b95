import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect as connectTcp, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { compile } from '@sallyport/seclang'
import type { NamedRuleSet } from '../../waf/judge.ts'
import { edgeUnderTest, until, untilClosed, upstreamUnderTest } from '../edge-under-test.ts'

const asks = (fields = '', path = '/ws'): string =>
  `GET ${path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`
const switched =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: y\r\n\r\n'
const statuses = (answer: string): string[] => answer.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9)) ?? []

interface Raw extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly server: Server
}

/** An upstream of bytes: `talk` has each connection with the head that arrived on it. */
async function rawUpstream(talk: (socket: Socket, head: string) => void): Promise<Raw> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    let head = ''
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      socket.off('data', onData)
      talk(socket, head)
    }
    socket.on('data', onData)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    server,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Switches protocols, then sends every byte back, and the end behind the last. */
const echo = (socket: Socket): void => {
  socket.write(switched)
  socket.on('data', (chunk) => socket.write(chunk)).on('end', () => socket.end())
}

test('the upstream is asked in its own words, and the client answered in the upstream’s', async () => {
  const heads: string[] = []
  await using upstream = await rawUpstream((socket, head) => {
    heads.push(head)
    socket.end(switched.replace('y\r\n', 'y\r\nSet-Cookie: a=\xe9\r\nKeep-Alive: 1\r\n'), 'latin1')
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const answer = await edge.talk(asks('Sec-WebSocket-Protocol: v1\r\nX-Forwarded-For: evil\r\n'))
  assert.equal(
    answer,
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: y\r\nSet-Cookie: a=\xe9\r\n\r\n',
  )
  assert.match(heads[0] ?? '', /^GET \/ws HTTP\/1\.1\r\n/)
  for (const line of [
    'upgrade: websocket',
    'connection: upgrade',
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Protocol: v1',
  ])
    assert.ok(heads[0]?.includes(`\r\n${line}\r\n`), line)
  assert.ok(!heads[0]?.includes('evil'))
})

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const ordinary: readonly { why: string; answer: string; status: string }[] = [
  { why: '200', answer: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', status: '200' },
  { why: '200 with the fields of a 101', answer: switched.replace('101', '200'), status: '200' },
  { why: '426', answer: 'HTTP/1.1 426 No\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n', status: '426' },
  { why: '101 to something else', answer: switched.replace('websocket', 'h2c'), status: '502' },
  { why: '101 to nothing', answer: switched.replace('Upgrade: websocket\r\n', ''), status: '502' },
]
for (const { why, answer, status } of ordinary) {
  test(`an upstream that says ${why} opens no tunnel, and what the client sent behind goes to nobody (CVE-2026-2833)`, async () => {
    const seen: string[] = []
    await using upstream = await rawUpstream((socket, head) => {
      seen.push(head)
      socket.on('data', (chunk) => seen.push(chunk.toString('latin1')))
      socket.end(answer)
    })
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    const got = await edge.talk(asks() + smuggled)
    assert.deepEqual(statuses(got), [status])
    assert.match(got, /connection: close/i)
    assert.ok(!seen.join('').includes('smuggled'))
  })
}

const plainly: readonly { why: string; sends: string; answers: number }[] = [
  { why: 'another protocol', sends: asks().replace('websocket', 'x') + smuggled, answers: 1 },
  { why: 'h2c', sends: asks('HTTP2-Settings: x\r\n').replace('websocket', 'h2c') + smuggled, answers: 1 },
  { why: 'a choice of protocols', sends: asks().replace('websocket', 'websocket, h2c') + smuggled, answers: 1 },
  { why: 'POST', sends: asks('Content-Length: 0\r\n').replace('GET', 'POST') + smuggled, answers: 1 },
  { why: 'a body', sends: `${asks('Content-Length: 2\r\n')}ab${smuggled}`, answers: 1 },
  { why: 'a request behind one still unanswered', sends: smuggled.replace('/smuggled', '/one') + asks(), answers: 2 },
]
for (const { why, sends, answers } of plainly) {
  test(`an upgrade with ${why} is a request like any other, the last of its connection`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    assert.deepEqual(statuses(await edge.talk(sends)), Array(answers).fill('200'))
    assert.ok(!upstream.arrived.some(({ url }) => url === '/smuggled'))
    assert.ok(!upstream.arrived.at(-1)?.rawHeaders.some((part) => /^(upgrade|websocket|h2c)$/i.test(part)))
  })
}

const h2c = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n'
const uploads = (fields: string): string => `POST / HTTP/1.1\r\nHost: a\r\n${h2c}${fields}\r\n`
for (const [field, body] of [
  ['Content-Length: 3', 'a=b'],
  ['Transfer-Encoding: chunked', '3\r\na=b\r\n0\r\n\r\n'],
]) {
  test(`a body with ${field} beside an offer of h2c arrives: Java’s HttpClient sends them so in clear`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    assert.deepEqual(statuses(await edge.talk(uploads(`${field}\r\n`) + body + smuggled)), ['200'])
    assert.deepEqual(
      upstream.arrived.map((arrived) => arrived.body.toString()),
      ['a=b'],
    )
  })
}

for (const coding of ['chunked\t', 'chunked \t ', '\t chunked\t']) {
  test(`an offer of h2c makes no body disappear whose coding is ${JSON.stringify(coding)}`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    const sent = `${uploads(`Transfer-Encoding: ${coding}\r\n`)}3\r\na=b\r\n0\r\n\r\n`
    assert.deepEqual(statuses(await edge.talk(sent + smuggled)), ['400'])
    assert.deepEqual(upstream.arrived, [])
  })
}

test('two Upgrade fields are refused', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
  assert.deepEqual(statuses(await edge.talk(asks('Upgrade: h2c\r\n'))), ['400'])
})

for (const phase of [1, 2]) {
  test(`phase ${phase} of the rules judges a request that asks for a tunnel`, async () => {
    const text = `SecRule ARGS:q "@streq evil" "id:1,phase:${phase},deny,log"\n`
    const readFile = (): never => assert.fail('no file is named')
    const ruleSet: NamedRuleSet = { name: 'test', ruleSet: compile([{ file: 'x', text }], { readFile }).ruleSet }
    await using upstream = await rawUpstream(echo)
    await using edge = await edgeUnderTest({ origin: upstream.origin, ruleSets: [ruleSet] })
    assert.deepEqual(statuses(await edge.talk(asks('', '/ws?q=evil'))), ['403'])
    assert.equal((await edge.logged(0)).reason, 'waf')
  })
}

test('an upstream that is down answers an upgrade 502', async () => {
  await using edge = await edgeUnderTest({ origin: 'http://127.0.0.1:1' })
  assert.deepEqual(statuses(await edge.talk(asks())), ['502'])
})

test('in clear, a client that has said all still hears the rest', async () => {
  await using upstream = await rawUpstream((socket) => {
    socket.write(switched)
    socket.on('data', () => undefined).on('end', () => socket.end('the rest'))
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin, plain: true })
  const client = connectTcp({ port: edge.port, host: '127.0.0.1', allowHalfOpen: true })
  client.write(asks())
  await once(client, 'data')
  client.end('all')
  assert.equal(await untilClosed(client), 'the rest')
})

test('a side that breaks breaks the other, both ways', async () => {
  const sockets: Socket[] = []
  await using upstream = await rawUpstream((socket) => {
    sockets.push(socket)
    socket.write(switched)
    socket.on('data', () => undefined).on('end', () => socket.end())
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin, plain: true })
  for (const breaks of ['client', 'upstream']) {
    const client = edge.connect()
    client.on('error', () => undefined)
    client.write(asks())
    await until(client, (text) => text.includes('\r\n\r\n'))
    const server = sockets.at(-1)
    assert.ok(server)
    const [broken, other] = breaks === 'client' ? [client, server] : [server, client]
    const failed = once(other, 'error')
    broken.resetAndDestroy()
    assert.equal((await failed.catch((error) => [error]))[0].code, 'ECONNRESET')
  }
})

test('a reader that stops holds the writer, and gets every byte once it reads on', async () => {
  const total = 16 * 1024 * 1024
  let written = 0
  const stuck = Promise.withResolvers<void>()
  await using upstream = await rawUpstream((socket) => {
    socket.write(switched)
    const piece = Buffer.alloc(65_536, 'x')
    const more = (): void => {
      while (written < total) {
        written += piece.length
        if (!socket.write(piece)) {
          stuck.resolve()
          return
        }
      }
      socket.end()
    }
    socket.on('drain', more)
    more()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin, plain: true })
  const client = edge.connect()
  client.write(asks())
  await stuck.promise
  assert.ok(written < total)
  const text = await untilClosed(client)
  assert.equal(text.length - text.indexOf('\r\n\r\n') - 4, total)
})

test('a tunnel in which nothing moves is ended', async () => {
  await using upstream = await rawUpstream(echo)
  await using edge = await edgeUnderTest({ origin: upstream.origin, plain: true, bounds: { answerSilenceMax: 50 } })
  const client = edge.connect()
  client.write(asks())
  assert.deepEqual(statuses(await untilClosed(client)), ['101'])
})

test('a stopping edge leaves a tunnel its time, then ends it', async () => {
  await using upstream = await rawUpstream(echo)
  await using edge = await edgeUnderTest({ origin: upstream.origin, bounds: { drainTimeMax: 50 } })
  const client = edge.connect()
  client.on('error', () => undefined)
  client.write(asks())
  await until(client, (text) => text.includes('\r\n\r\n'))
  const closed = once(client, 'close')
  await edge.stop()
  await closed
})

const leaves: readonly { why: string; plain: boolean; leave: (client: Socket) => unknown; ahead: string }[] = [
  { why: 'by its end', plain: true, leave: (client) => client.destroy(), ahead: '' },
  { why: 'by its end, over TLS', plain: false, leave: (client) => client.end(), ahead: '' },
  { why: 'without a word of TLS', plain: false, leave: (client) => client.destroy(), ahead: '' },
  { why: 'by a break', plain: true, leave: (client) => client.resetAndDestroy(), ahead: '' },
  { why: 'with bytes sent ahead', plain: true, leave: (client) => client.destroy(), ahead: smuggled },
  { why: 'with bytes sent ahead, over TLS', plain: false, leave: (client) => client.end(), ahead: smuggled },
  {
    why: 'by a break, with bytes sent ahead',
    plain: true,
    leave: (client) => client.resetAndDestroy(),
    ahead: smuggled,
  },
]
for (const { why, plain, leave, ahead } of leaves) {
  test(`a client that leaves ${why} while the upstream has not answered yet ends the upstream’s wait`, async () => {
    const asked = Promise.withResolvers<Socket>()
    await using upstream = await rawUpstream((socket) => asked.resolve(socket))
    await using edge = await edgeUnderTest({ origin: upstream.origin, plain })
    const client = edge.connect().on('error', () => undefined)
    client.write(asks() + ahead)
    const waiting = await asked.promise
    const ended = once(waiting.resume(), 'close')
    waiting.on('end', () => waiting.end())
    leave(client)
    await ended
    const record = await edge.logged(0)
    assert.deepEqual([record.verdict, record.status, record.reason], ['allow', null, null])
  })
}
