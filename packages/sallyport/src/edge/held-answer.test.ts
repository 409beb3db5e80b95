import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get as getHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import { type EdgeUnderTest, until, upstreamUnderTest } from './edge-under-test.ts'
import { holdAnswer } from './held-answer.ts'
import { answering, asks, bytesMax, inspecting, ruleSet, secretInBody } from './inspected-answers.fixture.ts'
import type { Answer, BodySink } from './upstream.ts'

const get = asks('GET')

/** By a client that takes framing off, and nothing else. */
async function answerOf(edge: EdgeUnderTest): Promise<{ head: IncomingMessage; body: Buffer }> {
  const [head] = (await once(getHttp(edge.url, { agent: false }), 'response')) as [IncomingMessage]
  return { head, body: Buffer.concat(await Array.fromAsync(head as AsyncIterable<Buffer>)) }
}

const framings: readonly ('content-length' | 'chunked')[] = ['content-length', 'chunked']
for (const length of [0, 1, bytesMax - 1, bytesMax, bytesMax + 1, 40 * bytesMax]) {
  for (const framing of framings) {
    test(`an answer of ${length} bytes, by ${framing}, arrives whole where ${bytesMax} are inspected`, async () => {
      const body = Buffer.alloc(length, 'abcdefg')
      const fields = framing === 'chunked' ? {} : { 'content-length': length }
      await using upstream = await upstreamUnderTest((_, response) => {
        response.writeHead(200, { 'content-type': 'text/plain', ...fields })
        if (length > 0) response.write(body.subarray(0, 1))
        response.end(body.subarray(1))
      })
      await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
      const arrived = await answerOf(edge)
      assert.ok(arrived.body.equals(body))
      assert.equal(arrived.head.headers['content-length'], framing === 'chunked' ? undefined : String(length))
      const inspected = Math.min(length, bytesMax)
      assert.deepEqual((await edge.logged(0)).response, { bytes: length, inspected })
    })
  }
}

const leaks: readonly { why: string; at: number; status: number }[] = [
  { why: 'a secret at the end of what is inspected is seen', at: bytesMax - 'secret'.length, status: 502 },
  { why: 'a secret behind it is not', at: bytesMax - 'secret'.length + 1, status: 200 },
]
for (const { why, at, status } of leaks) {
  test(`of a long answer the beginning is judged: ${why}`, async () => {
    const body = `${'x'.repeat(at)}secret${'x'.repeat(bytesMax)}`
    await using upstream = await upstreamUnderTest(answering('text/plain', body))
    await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
    assert.equal((await answerOf(edge)).head.statusCode, status)
  })
}

test('a rule may refuse what is not inspected to its end', async () => {
  const text = 'SecRule OUTBOUND_DATA_ERROR "@eq 1" "id:1,phase:4,deny,status:500,log"\n'
  for (const { length, status } of [
    { length: bytesMax, status: 200 },
    { length: bytesMax + 1, status: 500 },
  ]) {
    await using upstream = await upstreamUnderTest(answering('text/plain', 'x'.repeat(length)))
    await using edge = await inspecting(upstream.origin, ruleSet(text))
    assert.equal((await answerOf(edge)).head.statusCode, status)
  }
})

test('the beginning of an answer that is still to come is judged as soon as there is enough of it', async () => {
  let answer: ServerResponse | undefined
  await using upstream = await upstreamUnderTest((_, response) => {
    answer = response
    response.writeHead(200, { 'content-type': 'text/plain' }).write('x'.repeat(bytesMax + 1))
  })
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  const client = edge.connect()
  client.write(get)
  await until(client, (text) => text.includes('xxx'))
  answer?.end('last')
  await until(client, (text) => text.includes('last'))
  client.destroy()
})

test('the rest of a long answer is no faster than its reader', async () => {
  const chunk = Buffer.alloc(65_536, 'x')
  const chunksInAll = 1024
  let written = 0
  await using upstream = await upstreamUnderTest((request, response) => {
    if (request.url === '/tick') return response.end()
    response.writeHead(200, { 'content-type': 'text/plain' })
    const more = (): void => {
      while (written < chunksInAll) {
        written++
        if (!response.write(chunk)) return void response.once('drain', more)
      }
      response.end()
    }
    return more()
  })
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  const client = edge.connect()
  client.write(get)
  client.pause()
  // Round trips are the clock, as in forwarding.test.ts.
  for (let i = 0; i < 100; i++) await edge.talk(get.replace('/', '/tick'))
  assert.ok(written < chunksInAll / 2, `${written} of ${chunksInAll} chunks were taken for a client that reads none`)
  let bytes = 0
  client.on('data', (data: Buffer) => {
    bytes += data.length
  })
  client.resume()
  await once(client, 'close')
  assert.ok(bytes > chunksInAll * chunk.length)
})

test('an upstream that breaks off while its answer is read is answered 502, and no byte of it is sent', async () => {
  for (const framing of framings) {
    const fields = framing === 'chunked' ? {} : { 'content-length': 10 }
    await using upstream = await upstreamUnderTest((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', ...fields })
      response.write('half', () => response.destroy())
    })
    await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
    const answer = await edge.talk(get)
    assert.match(answer, /^HTTP\/1\.1 502 /)
    assert.ok(!answer.includes('half'))
    const record = await edge.logged(0)
    assert.deepEqual([record.verdict, record.reason, record.upstream?.status], ['allow', 'upstream', 200])
  }
})

test('an upstream that breaks off behind what is inspected is never passed on as a whole answer', async () => {
  await using upstream = await upstreamUnderTest((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.write('x'.repeat(2 * bytesMax), () => response.destroy())
  })
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  await assert.rejects(answerOf(edge))
  const record = await edge.logged(0)
  assert.deepEqual([record.verdict, record.status, record.reason], ['allow', 200, 'upstream'])
})

test('a client that leaves while the answer is read ends it at the upstream, which has not failed', async () => {
  const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await using upstream = await upstreamUnderTest((_, response) => {
    response.on('close', ended.resolve)
    response.writeHead(200, { 'content-type': 'text/plain' }).write('half', () => begun.resolve())
  })
  await using edge = await inspecting(upstream.origin, ruleSet(secretInBody))
  const client = edge.connect()
  client.write(get)
  await begun.promise
  client.destroy()
  await ended.promise
  const record = await edge.logged(0)
  assert.deepEqual([record.verdict, record.status, record.reason, record.response], ['allow', null, null, null])
})

/** An answer of which the test says what happens, and what its reader did. */
function played(): { answer: Answer; sink: () => BodySink; resumed: () => number } {
  const sinks: BodySink[] = []
  let resumed = 0
  const answer: Answer = {
    ...{ status: 200, statusText: '', headers: [], socket: null },
    read: (sink) => void sinks.push(sink),
    resume: () => void resumed++,
  }
  return { answer, sink: () => sinks[0] ?? assert.fail('nobody reads'), resumed: () => resumed }
}

test('however an answer is cut, and wherever it ends, its reader gets every byte once, in order, then its end', async () => {
  const cut = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 9 }))
  const ends = fc.constantFrom<'end' | 'failed'>('end', 'failed')
  await fc.assert(
    fc.asyncProperty(cut, fc.nat(20), fc.nat(12), ends, async (chunks, bytesMax, late, end) => {
      const { answer, sink } = played()
      const whole = chunks.join('')
      let counted = 0
      const waits = holdAnswer(answer, bytesMax, (bytes) => {
        counted += bytes
      })
      const send = (some: readonly string[]): void => {
        for (const one of some) sink().data(Buffer.from(one))
      }
      // The last of them come when there is a reader, if there can be one by then; the others, as if "no more" were not heard.
      const early = chunks.slice(0, Math.max(chunks.length - late, 0))
      const isEnough = early.join('').length > bytesMax
      send(isEnough ? early : chunks)
      if (!isEnough) sink()[end]()
      const held = await waits
      if (held === null) return assert.ok(end === 'failed' && whole.length <= bytesMax)
      const got: string[] = []
      held.answer.read({
        data: (bytes) => got.push(bytes.toString()) > 0,
        end: () => void got.push(' end'),
        failed: () => void got.push(' failed'),
      })
      if (isEnough) {
        send(chunks.slice(early.length))
        sink()[end]()
      }
      assert.deepEqual([got.join(''), counted], [`${whole} ${end}`, whole.length])
      assert.ok(held.whole ? whole === held.bytes.toString() : held.bytes.length > bytesMax)
      assert.ok(whole.startsWith(held.bytes.toString()))
    }),
  )
})

test('a reader that takes over has the rest sent only where it has room', async () => {
  for (const room of [true, false]) {
    const { answer, sink, resumed } = played()
    const waits = holdAnswer(answer, 3, () => undefined)
    assert.equal(sink().data(Buffer.from('abcd')), false)
    const held = await waits
    held?.answer.read({ data: () => room, end: () => undefined, failed: () => undefined })
    assert.equal(resumed(), room ? 1 : 0)
    assert.equal(sink().data(Buffer.from('e')), room)
  }
})
