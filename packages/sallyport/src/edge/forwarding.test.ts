import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { test } from 'node:test'
import { edgeUnderTest, hastyUpstream, until, upstreamUnderTest } from './edge-under-test.ts'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
const problemOf = (answer: string): { type: string; id: string } => JSON.parse(answer.split('\r\n\r\n')[1] ?? '')

test('a request arrives at the upstream as it was sent, without the fields of its connection', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const fields = [
    'Host: api.example:1',
    'X-b: 1',
    'x-A: \xe9\xff',
    'X-b: 2',
    'Cookie: a=1',
    'cookie: b=2',
    'Authorization: Basic eA==',
  ]
  const own = [
    'Connection: close, X-Gone, Authorization',
    'X-Gone: 1',
    'Keep-Alive: 1',
    'TE: trailers',
    'Proxy-Connection: x',
    'Upgrade: h2c',
  ]
  await edge.talk(`DELETE /a/b%2fc;v=1?q=%00/../ HTTP/1.1\r\n${[...fields, ...own].join('\r\n')}\r\n\r\n`)
  const [arrived] = upstream.arrived
  assert.deepEqual([arrived?.method, arrived?.url], ['DELETE', '/a/b%2fc;v=1?q=%00/../'])
  const lines = pairs(arrived?.rawHeaders ?? [])
  assert.deepEqual(lines.slice(0, fields.length), fields)
  assert.match(lines[fields.length] ?? '', /^X-Forwarded-For: /, 'the fields of the edge come behind')
})

test('an answer arrives at the client as it was sent, without the fields of its connection', async () => {
  await using upstream = await rawUpstream(
    'HTTP/1.1 207 So so\r\nX-b: 1\r\nSet-Cookie: a\r\nset-cookie: b\xe9\r\nX-Gone: 1\r\nConnection: X-Gone, close\r\nContent-Length: 2\r\n\r\nok',
  )
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const answer = await edge.talk(get('/'))
  const head = answer.split('\r\n\r\n')[0]?.split('\r\n') ?? []
  assert.deepEqual(head.slice(0, 5), [
    'HTTP/1.1 207 So so',
    'X-b: 1',
    'Set-Cookie: a',
    'set-cookie: b\xe9',
    'Content-Length: 2',
  ])
  assert.ok(!/x-gone/i.test(answer))
  assert.ok(answer.endsWith('\r\n\r\nok'))
})

const bodiless: readonly { method: string; status: number; length: string | null }[] = [
  { method: 'HEAD', status: 200, length: '12' },
  { method: 'GET', status: 204, length: null },
  { method: 'GET', status: 304, length: '12' },
]
for (const { method, status, length } of bodiless) {
  test(`${method} answered by ${status} has no body, and the next answer on the connection is whole`, async () => {
    await using upstream = await upstreamUnderTest((request, response) => {
      if (request.url === '/next') return response.end('next')
      return response.writeHead(status, length === null ? {} : { 'content-length': length }).end()
    })
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    const answer = await edge.talk(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n${get('/next')}`)
    const [first = '', second = '', body] = answer.split('\r\n\r\n')
    assert.ok(first.startsWith(`HTTP/1.1 ${status} `), first)
    assert.match(second, /^HTTP\/1\.1 200 /)
    assert.equal(body, 'next')
  })
}

test('a path that no route serves is answered 404 and reason route, and nothing is sent on', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, path: '/api/' })
  const answer = await edge.talk(get('/admin'))
  assert.match(answer, /^HTTP\/1\.1 404 /)
  const record = await edge.logged(0)
  assert.deepEqual([record.verdict, record.status, record.reason, record.upstream], ['reject', 404, 'route', null])
  assert.deepEqual([problemOf(answer).type, problemOf(answer).id], ['urn:sallyport:route', record.id])
  assert.equal(upstream.arrived.length, 0)
})

test('an upstream that is down is answered 502, one that is silent 504, both with reason upstream', async () => {
  const upstreamTimes = { connectMs: 1000, answerMs: 50 }
  await using silent = await hastyUpstream(() => undefined)
  const gone = await upstreamUnderTest()
  await gone[Symbol.asyncDispose]()
  for (const { origin, status } of [
    { origin: gone.origin, status: 502 },
    { origin: silent.origin, status: 504 },
  ]) {
    await using edge = await edgeUnderTest({ origin, upstreamTimes })
    const answer = await edge.talk(get('/'))
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer)
    const record = await edge.logged(0)
    assert.deepEqual([record.verdict, record.status, record.reason], ['allow', status, 'upstream'])
    assert.deepEqual([problemOf(answer).type, problemOf(answer).id], ['urn:sallyport:upstream', record.id])
  }
})

test('an upstream that answers something else than HTTP is answered 502', async () => {
  await using upstream = await rawUpstream('SSH-2.0-OpenSSH\r\n')
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  assert.match(await edge.talk(get('/')), /^HTTP\/1\.1 502 /)
  assert.deepEqual(edge.faults, [])
})

test('a streamed answer is not held back: its head and first event come before its end', async () => {
  let upstreamAnswer: ServerResponse | undefined
  await using upstream = await upstreamUnderTest((_, response) => {
    upstreamAnswer = response
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const client = edge.connect()
  client.write(get('/'))
  await until(client, (text) => text.includes('\r\n\r\n'))
  upstreamAnswer?.write('data: 1\n\n')
  await until(client, (text) => text.includes('data: 1\n\n'))
  upstreamAnswer?.end()
  client.resume()
  await once(client, 'close')
  assert.equal((await edge.logged(0)).reason, null)
})

test('a long answer is no faster than its reader, and arrives whole', async () => {
  const chunk = Buffer.alloc(65_536, 'x')
  const chunksInAll = 1024
  let written = 0
  await using upstream = await upstreamUnderTest((request, response) => {
    if (request.url === '/tick') return response.end()
    const more = (): void => {
      while (written < chunksInAll) {
        written++
        if (!response.write(chunk)) return void response.once('drain', more)
      }
      response.end()
    }
    return more()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const client = edge.connect()
  client.write(get('/'))
  client.pause()
  // Round trips are the clock: a proxy without back-pressure has the whole answer in its memory long before the last.
  for (let i = 0; i < 100; i++) await edge.talk(get('/tick'))
  assert.ok(written < chunksInAll / 2, `${written} of ${chunksInAll} chunks were taken for a client that reads none`)
  let bytes = 0
  client.on('data', (data: Buffer) => {
    bytes += data.length
  })
  client.resume()
  await once(client, 'close')
  assert.ok(bytes > chunksInAll * chunk.length)
})

test('an upstream that breaks off half way is never passed on as a whole answer', async () => {
  for (const head of ['Content-Length: 10', 'Transfer-Encoding: chunked']) {
    await using upstream = await rawUpstream(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n4\r\nabcd\r\n`)
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    const answer = await edge.talk(get('/'))
    assert.ok(!answer.endsWith('0\r\n\r\n'))
    const record = await edge.logged(0)
    assert.deepEqual([record.verdict, record.status, record.reason], ['allow', 200, 'upstream'])
  }
})

test('a client that leaves ends its request at the upstream', async () => {
  const ended = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  await using upstream = await hastyUpstream((_, response) => {
    response.on('close', ended.resolve)
    asked.resolve()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const client = edge.connect()
  client.write(get('/'))
  await asked.promise
  client.destroy()
  await ended.promise
  const record = await edge.logged(0)
  assert.deepEqual([record.verdict, record.status, record.reason], ['allow', null, null])
})

test('a client that leaves half way through its answer is no failure of the upstream', async () => {
  const ended = Promise.withResolvers<void>()
  await using upstream = await upstreamUnderTest((_, response) => {
    response.on('close', ended.resolve)
    response.writeHead(200, { 'content-length': 10 }).write('12345')
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const client = edge.connect()
  client.write(get('/'))
  await until(client, (text) => text.includes('12345'))
  client.destroy()
  await ended.promise
  const record = await edge.logged(0)
  assert.deepEqual([record.verdict, record.status, record.reason], ['allow', 200, null])
})

test('an upstream may answer before it has the whole body; the answer arrives and the body becomes no request', async () => {
  const body = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(25_000)
  const paths: (string | undefined)[] = []
  await using upstream = await hastyUpstream((request, response) => {
    paths.push(request.url)
    response.writeHead(request.url === '/next' ? 200 : 413, { 'content-length': 0 }).end()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const answer = await edge.talk(
    `POST /long HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}${get('/next')}`,
  )
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 413', 'HTTP/1.1 200'])
  assert.deepEqual(paths.toSorted(), ['/long', '/next'])
})

const hints =
  'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nX-B: \xe9\r\nConnection: X-Gone\r\nX-Gone: 1\r\n\r\n'
const informed: readonly { why: string; answers: string; asks: string; expect: RegExp }[] = [
  {
    why: 'early hints are passed on, each time (RFC 8297)',
    answers: hints + hints,
    asks: get('/'),
    expect:
      /^(HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>; rel=preload\r\nX-B: \xe9\r\n\r\n){2}HTTP\/1\.1 200 [\s\S]*ok$/,
  },
  {
    why: 'a 100 that nobody asked for is not, and does no harm (RFC 9110 §15.2)',
    answers: 'HTTP/1.1 100 Continue\r\n\r\n',
    asks: get('/'),
    expect: /^HTTP\/1\.1 200 [\s\S]*ok$/,
  },
  {
    why: 'other informational answers are not',
    answers: 'HTTP/1.1 102 Processing\r\n\r\n',
    asks: get('/'),
    expect: /^HTTP\/1\.1 200 [\s\S]*ok$/,
  },
  {
    why: 'a client of HTTP/1.0 is told nothing before its answer (RFC 9110 §15.2)',
    answers: hints,
    asks: 'GET / HTTP/1.0\r\n\r\n',
    expect: /^HTTP\/1\.1 200 [\s\S]*ok$/,
  },
]
for (const { why, answers, asks, expect } of informed) {
  test(why, async () => {
    await using upstream = await rawUpstream(`${answers}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`)
    await using edge = await edgeUnderTest({ origin: upstream.origin })
    assert.match(await edge.talk(asks), expect)
  })
}

test('trailer fields are left out, both ways: no rule has read them', async () => {
  await using upstream = await upstreamUnderTest((_, response) => {
    response.writeHead(200, { trailer: 'x-t' })
    response.addTrailers({ 'x-t': '1' })
    response.end('ok')
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const fields = 'Host: a\r\nConnection: close\r\nTrailer: x-t\r\nTransfer-Encoding: chunked\r\n'
  const answer = await edge.talk(`POST / HTTP/1.1\r\n${fields}\r\n2\r\nab\r\n0\r\nx-t: 1\r\n\r\n`)
  assert.ok(answer.includes('\r\n0\r\n\r\n') && !/x-t/i.test(answer), answer)
  const [arrived] = upstream.arrived
  assert.equal(arrived?.body.toString(), 'ab')
  assert.ok(!arrived?.rawHeaders.some((part) => /x-t/i.test(part)))
})

/** An upstream that answers every connection with these bytes (latin1), then closes it. */
async function rawUpstream(answer: string): Promise<{ origin: string } & AsyncDisposable> {
  const server = createTcpServer((socket) => {
    socket.once('data', () => socket.end(answer, 'latin1'))
    socket.on('error', () => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pairs(raw: readonly string[]): string[] {
  return raw.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${raw[i + 1]}`] : []))
}
