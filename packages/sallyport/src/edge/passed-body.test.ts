import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { compile } from '@sallyport/seclang'
import type { NamedRuleSet } from '../waf/judge.ts'
import { edgeUnderTest, hastyUpstream, until, upstreamUnderTest } from './edge-under-test.ts'
import { http2Client } from './http2/client-under-test.ts'
import { flag, frame, frameClient, head, type, uint32 } from './http2/frames-under-test.ts'

const bytesMax = 1000
const body = { inspectBytesMax: bytesMax, over: 'pass', encoded: 'decode' } as const

/** Those of the recommended configuration that refuse what a parser cannot read, and one that knows an attack. */
const text = `SecRule REQBODY_ERROR "!@eq 0" "id:1,phase:2,deny,status:400,log"
SecRule ARGS|ARGS_NAMES "@contains attack" "id:2,phase:2,deny,log"
SecRule INBOUND_DATA_ERROR "@eq 1" "id:3,phase:2,pass,log"
`
const readFile = (): never => assert.fail('no file is named')
const ruleSets: readonly NamedRuleSet[] = [
  { name: 'test', ruleSet: compile([{ file: 'x', text }], { readFile }).ruleSet },
]

type Framing = (bytes: string) => string
const counted: Framing = (bytes) => `Content-Length: ${bytes.length}\r\n\r\n${bytes}`
const chunked: Framing = (bytes) => {
  const chunks = bytes.match(/.{1,300}/gs)?.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`) ?? []
  return `Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`
}
const post = (framed: string, fields = ''): string =>
  `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n${fields}${framed}`

const json = (memo: string, length: number): string => {
  const [head, tail] = [`{"memo":"${memo}`, '"}']
  return head + 'x'.repeat(length - head.length - tail.length) + tail
}

for (const [name, framed] of [
  ['counted', counted],
  ['in chunks', chunked],
] as const) {
  for (const length of [bytesMax, bytesMax + 1, 3_000_000]) {
    test(`a body of ${length} bytes, ${name}, passes a bound of ${bytesMax} whole; the log says what was inspected`, async () => {
      await using upstream = await upstreamUnderTest()
      await using edge = await edgeUnderTest({ origin: upstream.origin, body, ruleSets })
      const sent = json('hello', length)
      assert.match(await edge.talk(post(framed(sent))), /^HTTP\/1\.1 200 /)
      assert.equal(upstream.arrived[0]?.body.toString(), sent)
      const { verdict, request, rules } = await edge.logged(0)
      const over = length > bytesMax
      assert.deepEqual([verdict, request?.bytes, request?.inspected], ['allow', length, over ? bytesMax : length])
      assert.deepEqual(rules, over ? [3] : [])
    })
  }
}

test('a body that passes by HTTP/2 arrives whole, in chunks where nobody said its length', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, body, ruleSets })
  await using client = await http2Client(edge)
  const sent = json('hello', 300_000)
  assert.equal((await client.ask({ ':method': 'POST', 'content-type': 'application/json' }, sent)).status, 200)
  const [arrived] = upstream.arrived
  assert.equal(arrived?.body.toString(), sent)
  assert.ok(arrived?.rawHeaders.includes('chunked'))
  assert.deepEqual((await edge.logged(0)).request?.inspected, bytesMax)
})

test('the fields that frame a body that passes are those of the request, or chunks where nobody knows its length', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, body })
  const sent = json('hello', 5000)
  for (const framed of [counted, chunked]) await edge.talk(post(framed(sent)))
  const framing = upstream.arrived.map(({ rawHeaders }) =>
    rawHeaders.flatMap((part, i) =>
      /^(content-length|transfer-encoding)$/i.test(part) ? [part, rawHeaders[i + 1]] : [],
    ),
  )
  assert.deepEqual(framing, [
    ['Content-Length', '5000'],
    ['transfer-encoding', 'chunked'],
  ])
})

const judged: readonly { why: string; sent: string; status: number; reason: string | null }[] = [
  { why: 'an attack in its beginning', sent: json('attack', 5000), status: 403, reason: 'waf' },
  {
    why: 'an attack that its beginning ends in',
    sent: json(`${'x'.repeat(bytesMax - 15)}attack`, 5000),
    status: 403,
    reason: 'waf',
  },
  {
    why: 'an attack behind its beginning',
    sent: json(`${'x'.repeat(bytesMax)}attack`, 5000),
    status: 200,
    reason: null,
  },
  { why: 'broken JSON in its beginning', sent: `{"a":nope,${json('', 5000).slice(1)}`, status: 400, reason: 'waf' },
  { why: 'broken JSON behind its beginning', sent: `${json('', 5000)}nope`, status: 200, reason: null },
]
for (const { why, sent, status, reason } of judged) {
  test(`a body over the bound with ${why} is answered ${status}`, async () => {
    await using upstream = await upstreamUnderTest()
    await using edge = await edgeUnderTest({ origin: upstream.origin, body, ruleSets })
    const answer = await edge.talk(post(counted(sent)))
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer.slice(0, 100))
    assert.equal((await edge.logged(0)).reason, reason)
    assert.equal(upstream.arrived.length, status === 200 ? 1 : 0)
  })
}

test('an encoded body over the bound is refused 413, as it comes and decoded: its beginning says nothing of the rest', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, body, ruleSets })
  const noise = Array.from({ length: 5000 }, (_, i) => String.fromCharCode(97 + ((i * i * 7919) % 26))).join('')
  const stored = gzipSync(noise, { level: 0 }).toString('latin1')
  const small = gzipSync('x'.repeat(5000)).toString('latin1')
  for (const framed of [counted(stored), chunked(stored), counted(small)]) {
    assert.match(await edge.talk(post(framed, 'Content-Encoding: gzip\r\n')), /^HTTP\/1\.1 413 /)
  }
  assert.equal(upstream.arrived.length, 0)
})

test('without over: pass a body over the bound is refused 413', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, body: { ...body, over: 'reject' } })
  for (const framed of [counted, chunked])
    assert.match(await edge.talk(post(framed(json('', 1001)))), /^HTTP\/1\.1 413 /)
  assert.equal(upstream.arrived.length, 0)
})

test('a body that passes is no faster than the upstream reads it', async () => {
  const stuck = Promise.withResolvers<void>()
  let read = (): void => undefined
  await using upstream = await hastyUpstream((request, response) => {
    request.pause()
    read = () => request.resume().on('end', () => response.end())
    stuck.resolve()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin, body, plain: true })
  const length = 64 * 1024 * 1024
  const client = edge.connect()
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`)
  const piece = Buffer.alloc(65_536, 'x')
  let written = 0
  const full = Promise.withResolvers<void>()
  const more = (): void => {
    while (written < length) {
      written += piece.length
      if (client.write(piece)) continue
      full.resolve()
      return
    }
  }
  client.on('drain', more)
  more()
  await Promise.all([stuck.promise, full.promise])
  // Round trips are the clock, as for answers.
  await using other = await upstreamUnderTest()
  await using clock = await edgeUnderTest({ origin: other.origin, plain: true })
  for (let i = 0; i < 100; i++) await clock.talk('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  assert.ok(written < length / 2, `${written} bytes were taken for an upstream that reads none`)
  read()
  assert.match(await until(client, (seen) => seen.includes('\r\n\r\n')), /^HTTP\/1\.1 200 /)
  assert.equal((await edge.logged(0)).request?.bytes, length)
})

test('a body that passes and breaks off never arrives whole, and is its client’s failure', async () => {
  const broke = Promise.withResolvers<boolean>()
  await using upstream = await hastyUpstream((request) => {
    request.resume().on('close', () => broke.resolve(!request.complete))
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin, body })
  const client = edge.connect()
  client.write(post(`Content-Length: 5000\r\n\r\n${'x'.repeat(2000)}`))
  await once(upstream.server, 'request')
  client.destroy()
  assert.equal(await broke.promise, true)
  const { reason } = await edge.logged(0)
  assert.ok(reason === null || reason === 'protocol', String(reason))
})

for (const code of [0, 8]) {
  test(`a body that passes and whose stream is reset, with code ${code}, never arrives whole`, async () => {
    const broke = Promise.withResolvers<boolean>()
    await using upstream = await hastyUpstream((request) => {
      request.resume().on('close', () => broke.resolve(!request.complete))
    })
    await using edge = await edgeUnderTest({ origin: upstream.origin, body })
    using client = await frameClient(edge.connect({ ALPNProtocols: ['h2'] }))
    client.send(frame(type.headers, flag.endHeaders, 1, head('POST')), frame(type.data, 0, 1, Buffer.alloc(2000, 'x')))
    await once(upstream.server, 'request')
    client.send(frame(type.reset, 0, 1, uint32(code)))
    assert.equal(await broke.promise, true)
  })
}

test('bytes of a body that passes and that are no chunks are refused 400, and never arrive whole', async () => {
  const broke = Promise.withResolvers<boolean>()
  await using upstream = await hastyUpstream((request) => {
    request.resume().on('close', () => broke.resolve(!request.complete))
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin, body })
  const client = edge.connect()
  client.write(post(`Transfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2000)}\r\n`))
  await once(upstream.server, 'request')
  client.write('nonsense\r\n')
  assert.match(await until(client, (seen) => seen.includes('\r\n\r\n')), /^HTTP\/1\.1 400 /)
  assert.equal(await broke.promise, true)
  const { verdict, reason, status } = await edge.logged(0)
  assert.deepEqual([verdict, reason, status], ['reject', 'protocol', 400])
})

test('an upstream that refuses a body that passes is heard at once, and what is left of it becomes no request', async () => {
  const paths: (string | undefined)[] = []
  await using upstream = await hastyUpstream((request, response) => {
    paths.push(request.url)
    if (request.url === '/next') response.end()
    else response.writeHead(413, { 'content-length': 0 }).end()
  })
  await using edge = await edgeUnderTest({ origin: upstream.origin, body })
  const inside = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(50_000)
  const answer = await edge.talk(
    `POST /long HTTP/1.1\r\nHost: a\r\n${counted(inside)}GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  )
  assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 413', 'HTTP/1.1 200'])
  assert.deepEqual(paths, ['/long', '/next'])
})
