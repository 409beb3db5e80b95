import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { compile } from '@sallyport/seclang'
import fc from 'fast-check'
import { decodeLayersMax, decodeRatioMax, decodeSmallBytesMax } from './bounds.ts'
import { codingsOf, decode } from './decoding.ts'
import { type EdgeUnderTest, edgeUnderTest, type UpstreamUnderTest, upstreamUnderTest } from './edge-under-test.ts'

const inspectBytesMax = 100_000
const text = 'SecRequestBodyAccess On\nSecRule REQUEST_BODY "@contains evil" "id:1,phase:2,deny,log"\n'
let upstream: UpstreamUnderTest
let edge: EdgeUnderTest
before(async () => {
  upstream = await upstreamUnderTest()
  const readFile = (): never => assert.fail('no file is named')
  const ruleSets = [{ name: 'test', ruleSet: compile([{ file: 'test.conf', text }], { readFile }).ruleSet }]
  edge = await edgeUnderTest({ origin: upstream.origin, ruleSets, body: { encoded: 'decode', inspectBytesMax } })
})
after(async () => {
  await edge.stop()
  await upstream[Symbol.asyncDispose]()
})

const form = 'application/x-www-form-urlencoded'
function post(coding: string, body: Buffer): string {
  const head = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${form}\r\nContent-Encoding: ${coding}\r\n`
  return `${head}Content-Length: ${body.length}\r\n\r\n${body.toString('latin1')}`
}

const good = Buffer.from('a=good&b=1')
const evil = Buffer.from('a=evil&b=1')
const codings: readonly { coding: string; encode: (body: Buffer) => Buffer }[] = [
  { coding: 'gzip', encode: gzipSync },
  { coding: 'X-GZIP', encode: gzipSync },
  { coding: 'deflate', encode: deflateSync },
  { coding: 'br', encode: brotliCompressSync },
  { coding: 'identity, br', encode: brotliCompressSync },
  { coding: 'deflate, gzip', encode: (body) => gzipSync(deflateSync(body)) },
  { coding: 'br , gzip,deflate', encode: (body) => deflateSync(gzipSync(brotliCompressSync(body))) },
]
for (const { coding, encode } of codings) {
  test(`a body in ${coding} is judged decoded and forwarded as it came`, async () => {
    const decided = edge.log.length
    assert.match(await edge.talk(post(coding, encode(good))), /^HTTP\/1\.1 200 /)
    assert.deepEqual(upstream.arrived.at(-1)?.body, encode(good))
    const { request } = await edge.logged(decided)
    assert.deepEqual([request?.bytes, request?.inspected], [encode(good).length, good.length])
    assert.match(await edge.talk(post(coding, encode(evil))), /^HTTP\/1\.1 403 /)
  })
}

test('the members of a gzip body are one body (RFC 1952 §2.2)', async () => {
  assert.match(await edge.talk(post('gzip', Buffer.concat([gzipSync('a=e'), gzipSync('vil')]))), /^HTTP\/1\.1 403 /)
})

const bomb = gzipSync(Buffer.alloc(decodeRatioMax * 2000))
const refused: readonly { why: string; sends: string; status: number }[] = [
  { why: 'an unknown coding', sends: post('zstd', good), status: 415 },
  { why: 'a coding named constructor', sends: post('constructor', good), status: 415 },
  { why: 'an empty coding', sends: post('gzip,', gzipSync(good)), status: 415 },
  {
    why: 'more codings than are taken off',
    sends: post(
      Array(decodeLayersMax + 1)
        .fill('gzip')
        .join(),
      good,
    ),
    status: 415,
  },
  { why: 'a thousand codings', sends: post(Array(1000).fill('gzip').join(), good), status: 415 },
  { why: 'a body that is not what it says', sends: post('gzip', good), status: 400 },
  { why: 'deflate without its frame', sends: post('deflate', deflateRawSync(good)), status: 400 },
  { why: 'a body whose coding breaks off', sends: post('gzip', gzipSync(good).subarray(0, -1)), status: 400 },
  ...codings.map(({ coding, encode }) => ({
    why: `a body in ${coding} with bytes behind its end`,
    sends: post(coding, Buffer.concat([encode(good), Buffer.from('\0&a=evil')])),
    status: 400,
  })),
  {
    why: 'a coding with bytes behind the end of the one inside',
    sends: post('deflate, gzip', gzipSync(Buffer.concat([deflateSync(good), Buffer.from('&a=evil')]))),
    status: 400,
  },
  { why: 'a body over the bound once it is decoded', sends: post('gzip', bomb), status: 413 },
  {
    why: 'a bomb inside a coding',
    sends: post('gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000)))),
    status: 413,
  },
]
for (const { why, sends, status } of refused) {
  test(`${why} is refused with ${status}, and never passed unread`, async () => {
    const arrived = upstream.arrived.length
    assert.ok((await edge.talk(sends)).startsWith(`HTTP/1.1 ${status} `))
    assert.equal(edge.log.at(-1)?.reason, 'protocol')
    assert.equal(upstream.arrived.length, arrived)
  })
}

test('a body grows to the bound, or to so many times its size, and no further', async () => {
  const long = Buffer.alloc(decodeRatioMax * 5000)
  assert.equal(await decode(gzipSync(long), ['gzip'], long.length), 'tooLong', 'a ratio of a thousand')
  const small = Buffer.alloc(decodeSmallBytesMax)
  assert.deepEqual(await decode(gzipSync(small), ['gzip'], small.length), small)
  assert.equal(await decode(gzipSync(small), ['gzip'], small.length - 1), 'tooLong')
})

test('whatever the bytes and the codings, the answer is a body within the bound or a reason', async () => {
  const listed = fc.array(fc.constantFrom('gzip', 'deflate', 'br'), { maxLength: decodeLayersMax })
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), listed, async (bytes, names) => {
      const found = await decode(Buffer.from(bytes), codingsOf(names.join() || 'identity') ?? [], inspectBytesMax)
      assert.ok(found === 'unreadable' || found === 'tooLong' || found.length <= inspectBytesMax)
    }),
  )
})
