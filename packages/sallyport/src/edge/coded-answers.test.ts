import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { decodeRatioMax } from './bounds.ts'
import { type EdgeUnderTest, type UpstreamUnderTest, upstreamUnderTest } from './edge-under-test.ts'
import { asks, bytesMax, inspecting, ruleSet } from './inspected-answers.fixture.ts'

// The second rule is what CRS does: it reads no body that its head calls coded (950010).
const text = `SecRule RESPONSE_HEADERS:Content-Encoding "@rx ." "id:2,phase:4,pass,nolog,skipAfter:END"
SecRule RESPONSE_BODY "@contains secret" "id:1,phase:4,deny,log"
SecMarker END
`
const get = asks('GET', 'Accept-Encoding: gzip, br;q=1\r\n')

/** An upstream that codes its answers whatever is asked for, and an edge in front of it. */
async function coded(
  fields: readonly [string, string][],
  body: Buffer,
  type = 'text/plain',
): Promise<{ upstream: UpstreamUnderTest; edge: EdgeUnderTest } & AsyncDisposable> {
  const upstream = await upstreamUnderTest((_, response) => {
    response.writeHead(200, [['Content-Type', type], ...fields] as never).end(body)
  })
  const edge = await inspecting(upstream.origin, ruleSet(text))
  return {
    upstream,
    edge,
    async [Symbol.asyncDispose]() {
      await edge.stop()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

test('the upstream is asked for an answer without codings, whatever the client takes', async () => {
  await using both = await coded([], Buffer.from('plain'))
  await both.edge.talk(get)
  const sent = both.upstream.arrived[0]?.rawHeaders ?? []
  const asked = sent.flatMap((name, i) => (i % 2 === 0 && /^accept-encoding$/i.test(name) ? [sent[i + 1]] : []))
  assert.deepEqual(asked, ['identity'])
})

const good = Buffer.from('good '.repeat(100))
const evil = Buffer.from(`${'good '.repeat(100)}secret`)
const codings: readonly { lines: string[]; encode: (body: Buffer) => Buffer }[] = [
  { lines: ['identity'], encode: (body) => body },
  { lines: ['gzip'], encode: gzipSync },
  { lines: ['X-GZip'], encode: gzipSync },
  { lines: ['br'], encode: brotliCompressSync },
  { lines: ['deflate, gzip'], encode: (body) => gzipSync(deflateSync(body)) },
  { lines: ['deflate', 'gzip'], encode: (body) => gzipSync(deflateSync(body)) },
]
for (const { lines, encode } of codings) {
  const fields = lines.map((line): [string, string] => ['Content-Encoding', line])
  test(`an answer coded by ${lines.join(' and ')} all the same is judged decoded and passed on as it came`, async () => {
    await using benign = await coded(fields, encode(good))
    const answer = await benign.edge.talk(get)
    assert.match(answer, /^HTTP\/1\.1 200 /)
    for (const line of lines) assert.ok(answer.includes(`Content-Encoding: ${line}\r\n`))
    assert.ok(answer.includes(encode(good).toString('latin1')))
    const { response } = await benign.edge.logged(0)
    assert.deepEqual(response, { bytes: encode(good).length, inspected: good.length })
    await using leaking = await coded(fields, encode(evil))
    assert.match(await leaking.edge.talk(get), /^HTTP\/1\.1 403 /)
  })
}

const bomb = gzipSync(Buffer.alloc(decodeRatioMax * 2000))
const noise = Buffer.from(Array.from({ length: bytesMax + 1 }, (_, i) => (i * 7919 * (i >> 3)) & 0xff))
const refused: readonly { why: string; lines: string[]; body: Buffer }[] = [
  { why: 'of an unknown coding', lines: ['zstd'], body: good },
  { why: 'of an unknown coding on a second line', lines: ['gzip', 'zstd'], body: gzipSync(good) },
  { why: 'of a coding named constructor', lines: ['constructor'], body: good },
  { why: 'of more codings than are taken off', lines: ['gzip, gzip, gzip, gzip'], body: good },
  { why: 'that is not what it says', lines: ['gzip'], body: good },
  { why: 'whose coding breaks off', lines: ['gzip'], body: gzipSync(good).subarray(0, -1) },
  { why: 'that is over its bound once it is decoded', lines: ['gzip'], body: bomb },
  { why: 'that is over its bound as it comes', lines: ['gzip'], body: gzipSync(noise, { level: 0 }) },
  { why: 'that seems to end before its bound', lines: ['gzip'], body: Buffer.concat([gzipSync(good), noise]) },
]
for (const { why, lines, body } of refused) {
  test(`an answer ${why} is never passed unread: 502`, async () => {
    await using both = await coded(
      lines.map((line) => ['Content-Encoding', line]),
      body,
    )
    assert.match(await both.edge.talk(get), /^HTTP\/1\.1 502 /)
    const record = await both.edge.logged(0)
    assert.deepEqual([record.reason, record.status, record.upstream?.status], ['upstream', 502, 200])
    assert.deepEqual(both.edge.faults, [])
  })
}

test('a coded answer that no rule set wants passes', async () => {
  await using both = await coded([['Content-Encoding', 'zstd']], good, 'application/octet-stream')
  assert.match(await both.edge.talk(get), /^HTTP\/1\.1 200 /)
})

test('an empty answer has no coding to take off', async () => {
  await using both = await coded([['Content-Encoding', 'gzip']], Buffer.alloc(0))
  assert.match(await both.edge.talk(get), /^HTTP\/1\.1 200 /)
})
