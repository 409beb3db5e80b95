import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  countOf,
  fieldOf,
  forwardedAnswerHeaders,
  forwardedRequestHeaders,
  forwardedUncodedHeaders,
  listOf,
} from './headers.ts'

const rows: readonly { why: string; raw: string[]; forwarded: string[] }[] = [
  {
    why: 'order, case and repetition stay',
    raw: ['X-b', '1', 'a', '2', 'x-B', '3'],
    forwarded: ['X-b', '1', 'a', '2', 'x-B', '3'],
  },
  {
    why: 'hop-by-hop fields go, in any case',
    raw: ['CONNECTION', 'close', 'Te', 'x', 'a', '1', 'upgrade', 'h2c'],
    forwarded: ['a', '1'],
  },
  {
    why: 'fields that Connection names go',
    raw: ['x-one', '1', 'Connection', 'close , X-One,x-TWO', 'X-Two', '2', 'a', '3'],
    forwarded: ['a', '3'],
  },
  {
    why: 'Connection cannot take away what says who asks and how long the body is (CVE-2024-45410)',
    raw: [
      'Connection',
      'host, authorization, content-length, cookie, content-type',
      'Host',
      'a',
      'Authorization',
      'b',
      'Content-Length',
      '1',
      'Cookie',
      'c',
      'Content-Type',
      'd',
    ],
    forwarded: ['Host', 'a', 'Authorization', 'b', 'Content-Length', '1', 'Cookie', 'c', 'Content-Type', 'd'],
  },
  { why: 'an empty Connection names nothing', raw: ['Connection', '', 'a', '1'], forwarded: ['a', '1'] },
]
for (const { why, raw, forwarded } of rows) {
  test(why, () => {
    assert.deepEqual(forwardedRequestHeaders(raw), forwarded)
    assert.deepEqual(forwardedAnswerHeaders(raw), forwarded)
  })
}

test('Expect is a matter between client and edge; in an answer it means nothing and stays', () => {
  assert.deepEqual(forwardedRequestHeaders(['Expect', '100-continue', 'a', '1']), ['a', '1'])
  assert.deepEqual(forwardedAnswerHeaders(['Expect', 'x']), ['Expect', 'x'])
})

test('an answer without codings is asked for in place of whatever the client takes, and Connection cannot take that away', () => {
  const raw = ['accept-encoding', 'br', 'a', '1', 'Connection', 'accept-encoding', 'Accept-Encoding', '*']
  assert.deepEqual(forwardedUncodedHeaders(raw, ['b', '2']), ['a', '1', 'Accept-Encoding', 'identity', 'b', '2'])
})

test('the lines of a list are one list', () => {
  const raw = ['Content-Encoding', 'gzip', 'x', 'y', 'content-encoding', 'br, identity']
  assert.deepEqual(
    [listOf(raw, 'content-encoding'), listOf(raw, 'x'), listOf(raw, 'z')],
    ['gzip,br, identity', 'y', null],
  )
})

test('a field is found and counted in any case', () => {
  const raw = ['HOST', 'a', 'x', 'b', 'host', 'c']
  assert.deepEqual(
    [fieldOf(raw, 'host'), fieldOf(raw, 'y'), countOf(raw, 'host'), countOf(raw, 'y')],
    ['a', null, 2, 0],
  )
})

test('whatever the fields, what is forwarded is a part of what came, in order', () => {
  const name = fc.constantFrom('connection', 'Connection', 'a', 'B', '__proto__', 'te', 'close')
  const field = fc.tuple(name, fc.constantFrom('a', 'b, B', '__proto__', 'constructor, ,', ''))
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      const kept = forwardedRequestHeaders(fields.flat())
      let at = 0
      for (let i = 0; i < kept.length; i += 2) {
        while (at < fields.length && !(fields[at]?.[0] === kept[i] && fields[at]?.[1] === kept[i + 1])) at++
        assert.ok(at++ < fields.length)
      }
    }),
  )
})
