import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  answerFieldsMax,
  answerTrailerBytesMax,
  chunkExtensionBytesMax,
  headerBytesMax,
  informationalAnswersMax,
} from '../bounds.ts'
import { parse } from './parsed.fixture.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`

const whole: readonly { why: string; sends: string; method?: string; body?: string; persistent?: boolean }[] = [
  { why: 'a length', sends: `${ok}Content-Length: 2\r\n\r\nab`, body: 'ab' },
  { why: 'a length of 0', sends: `${ok}content-LENGTH:0\r\n\r\n` },
  { why: 'chunks', sends: `${chunked}2\r\nab\r\n03;x="y"\r\ncde\r\n0\r\n\r\n`, body: 'abcde' },
  { why: 'a coding in capitals', sends: `${ok}Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n` },
  { why: 'trailers', sends: `${chunked}1\r\na\r\n0\r\nX-T: 1\r\nX-U:\r\n\r\n`, body: 'a' },
  { why: 'neither length nor coding', sends: `${ok}\r\nab\r\n\r\n`, body: 'ab\r\n\r\n', persistent: false },
  { why: 'a length, to HEAD', sends: `${ok}Content-Length: 9\r\n\r\n`, method: 'HEAD' },
  { why: 'a coding, to HEAD', sends: chunked, method: 'HEAD' },
  { why: 'status 304 and a length', sends: 'HTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n' },
  { why: 'status 204', sends: 'HTTP/1.1 204 No Content\r\n\r\n' },
  { why: 'status 204 and a length', sends: 'HTTP/1.1 204 -\r\nContent-Length: 1\r\n\r\n', persistent: false },
  { why: 'Connection: close', sends: `${ok}Connection: x, Close\r\nContent-Length: 0\r\n\r\n`, persistent: false },
  { why: 'HTTP/1.0', sends: 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', persistent: false },
  { why: 'HTTP/1.0 that goes on', sends: 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n' },
  { why: 'no reason and no blank for it', sends: 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n' },
]
for (const { why, sends, method = 'GET', body = '', persistent = true } of whole) {
  test(`an answer with ${why} is whole at its end, and says whether another may follow`, () => {
    const parsed = parse([sends], { method, closes: !persistent })
    assert.deepEqual([parsed.how, parsed.body, parsed.persistent, parsed.unused], ['end', body, persistent, 0])
  })
}

test('fields are given as they were sent, latin1, in order, without the blanks around a value', () => {
  const { headers, statusText } = parse(['HTTP/1.1 200 S\xf6 so\r\nX-b:\t 1 \t\r\nx-B: \xe9 \xff\r\nEmpty:\r\n\r\n'])
  assert.deepEqual([statusText, headers], ['S\xf6 so', ['X-b', '1', 'x-B', '\xe9 \xff', 'Empty', '']])
})

test('announcing answers come one by one before the final one, and have no body', () => {
  const { statuses, body } = parse([
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 -\r\nContent-Length: 5\r\n\r\n${ok}Content-Length: 1\r\n\r\na`,
  ])
  assert.deepEqual([statuses, body], [[100, 103, 200], 'a'])
})

const field = (name: string): string => `${ok}${name}\r\nContent-Length: 0\r\n\r\n`
const refused: readonly { why: string; sends: string; method?: string }[] = [
  { why: 'another protocol', sends: 'SSH-2.0-OpenSSH\r\n' },
  { why: 'HTTP/1.2', sends: 'HTTP/1.2 200 OK\r\n\r\n' },
  { why: 'HTTP/2.0', sends: 'HTTP/2.0 200 OK\r\n\r\n' },
  { why: 'HTTP/0.9', sends: 'hello' },
  { why: 'a version in small letters', sends: 'http/1.1 200 OK\r\n\r\n' },
  { why: 'a line before it', sends: `\r\n${ok}\r\n` },
  { why: 'a status of two digits', sends: 'HTTP/1.1 20 OK\r\n\r\n' },
  { why: 'a status of four digits', sends: 'HTTP/1.1 2000 OK\r\n\r\n' },
  { why: 'status 099', sends: 'HTTP/1.1 099 OK\r\n\r\n' },
  { why: 'a sign in its status', sends: 'HTTP/1.1 +20 OK\r\n\r\n' },
  { why: 'two blanks before its status', sends: 'HTTP/1.1  200 OK\r\n\r\n' },
  { why: 'a tab before its reason', sends: 'HTTP/1.1 200\tOK\r\n\r\n' },
  { why: 'NUL in its reason', sends: 'HTTP/1.1 200 O\0K\r\n\r\n' },
  { why: 'a lone LF behind its status line', sends: 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n' },
  { why: 'a lone LF behind a field', sends: field('A: b\nC: d') },
  { why: 'a lone CR in a value', sends: field('A: b\rC: d') },
  { why: 'NUL in a value', sends: field('A: b\0') },
  { why: 'NUL, then another field, in a value', sends: field('A: b\0xC: d') },
  { why: 'LF, then another field, in a value', sends: field('A: b\nxC: d') },
  { why: 'DEL in a value', sends: field('A: \x7f') },
  { why: 'a folded line', sends: field('A: b\r\n c') },
  { why: 'a blank before its first field', sends: field(' A: b') },
  { why: 'a blank before a colon', sends: field('A : b') },
  { why: 'a field without a colon', sends: field('A') },
  { why: 'a field without a name', sends: field(': b') },
  { why: 'a name beyond ASCII', sends: field('\xc4: b') },
  { why: 'two lengths', sends: field('Content-Length: 1') },
  { why: 'one length twice', sends: field('Content-Length: 0') },
  { why: 'a list of lengths', sends: `${ok}Content-Length: 0, 0\r\n\r\n` },
  { why: 'a length with a sign', sends: `${ok}Content-Length: +1\r\n\r\na` },
  { why: 'a negative length', sends: `${ok}Content-Length: -1\r\n\r\n` },
  { why: 'a length in hexadecimal', sends: `${ok}Content-Length: 0x1\r\n\r\na` },
  { why: 'a length that is a fraction', sends: `${ok}Content-Length: 1.0\r\n\r\na` },
  { why: 'a length without digits', sends: `${ok}Content-Length:\r\n\r\n` },
  { why: 'a length beyond exact numbers', sends: `${ok}Content-Length: 1000000000000000\r\n\r\n` },
  { why: 'a length and a coding', sends: field('Transfer-Encoding: chunked') },
  { why: 'a length and a coding, to HEAD', sends: field('Transfer-Encoding: chunked'), method: 'HEAD' },
  { why: 'two codings', sends: `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n` },
  { why: 'a list of codings', sends: `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n` },
  { why: 'a coding that is not known', sends: `${ok}Transfer-Encoding: identity\r\n\r\n` },
  { why: 'a vertical tab at its coding', sends: `${ok}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n` },
  { why: 'a coding in HTTP/1.0', sends: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' },
  { why: 'a chunk without a size', sends: `${chunked}\r\n` },
  { why: 'an extension without a size', sends: `${chunked};a\r\n0\r\n\r\n` },
  { why: 'a sign before a size', sends: `${chunked}+1\r\na\r\n0\r\n\r\n` },
  { why: '0x before a size', sends: `${chunked}0x1\r\na\r\n0\r\n\r\n` },
  { why: 'a blank behind a size', sends: `${chunked}1 \r\na\r\n0\r\n\r\n` },
  { why: 'a size beyond exact numbers', sends: `${chunked}10000000000000\r\n` },
  { why: 'a lone LF behind a size', sends: `${chunked}1\na\r\n0\r\n\r\n` },
  { why: 'a lone LF in an extension', sends: `${chunked}1;a\nb\r\na\r\n0\r\n\r\n` },
  { why: 'a lone CR in an extension', sends: `${chunked}1;a\rb\r\na\r\n0\r\n\r\n` },
  { why: 'data longer than their size', sends: `${chunked}1\r\nab\r\n0\r\n\r\n` },
  { why: 'a lone LF behind data', sends: `${chunked}1\r\na\n0\r\n\r\n` },
  { why: 'a lone CR behind data', sends: `${chunked}1\r\na\rX0\r\n\r\n` },
  { why: 'a lone CR behind a trailer', sends: `${chunked}0\r\nA: b\rX\r\n` },
  { why: 'a lone CR behind a size', sends: `${chunked}1\rXa\r\n0\r\n\r\n` },
  { why: 'a lone CR at its end', sends: `${chunked}0\r\n\rX` },
  { why: 'a lone LF behind a trailer', sends: `${chunked}0\r\nA: b\n\r\n` },
  { why: 'a lone LF at its end', sends: `${chunked}0\r\n\n` },
  { why: 'nothing', sends: '' },
  { why: 'half a head', sends: `${ok}Content-Le` },
  { why: 'half a body', sends: `${ok}Content-Length: 3\r\n\r\nab` },
  { why: 'half a chunk', sends: `${chunked}3\r\nab` },
  { why: 'chunks without their end', sends: `${chunked}1\r\na\r\n` },
  { why: 'chunks without their last line', sends: `${chunked}1\r\na\r\n0\r\n` },
  { why: 'an announcement alone', sends: 'HTTP/1.1 100 Continue\r\n\r\n' },
]
for (const { why, sends, method = 'GET' } of refused) {
  test(`an answer with ${why} is broken`, () => assert.equal(parse([sends], { method }).how, 'broken'))
}

const long = (n: number): string => 'x'.repeat(n)
const fieldBytes = headerBytesMax - ok.length - 'A: \r\nContent-Length: 0\r\n\r\n'.length
const bounded: readonly { bound: string; at: (n: number) => string; max: number }[] = [
  { bound: 'bytes of head', at: (n) => field(`A: ${long(n)}`), max: fieldBytes },
  { bound: 'fields', at: (n) => `${ok}Content-Length: 0\r\n${'a:b\r\n'.repeat(n - 1)}\r\n`, max: answerFieldsMax },
  {
    bound: 'announcing answers',
    at: (n) => `${'HTTP/1.1 102 -\r\n\r\n'.repeat(n)}${ok}Content-Length: 0\r\n\r\n`,
    max: informationalAnswersMax,
  },
  { bound: 'bytes of extensions', at: (n) => `${chunked}0;${long(n)}\r\n\r\n`, max: chunkExtensionBytesMax },
  {
    bound: 'bytes of extensions over all chunks',
    at: (n) => `${chunked}${`1;${long(n / 4)}\r\na\r\n`.repeat(3)}0;${long(n - 3 * Math.floor(n / 4))}\r\n\r\n`,
    max: chunkExtensionBytesMax,
  },
  { bound: 'bytes of trailers', at: (n) => `${chunked}0\r\n${long(n)}\r\n\r\n`, max: answerTrailerBytesMax },
]
for (const { bound, at, max } of bounded) {
  test(`as many ${bound} as the bound says are read, one more is broken, in one piece and byte by byte`, () => {
    for (const split of [(text: string) => [text], (text: string) => text.split('')]) {
      assert.equal(parse(split(at(max))).how, 'end')
      assert.equal(parse(split(at(max + 1))).how, 'broken')
    }
  })
}

test('a head that never ends is broken as soon as it is too long', () => {
  assert.equal(parse([`${ok}A: ${long(headerBytesMax)}`], { closes: false }).how, 'broken')
})

test('a head of lines that end in LF alone is broken at once, and so is what is not HTTP', () => {
  for (const sends of ['HTTP/1.1 200 OK\nA: b\n\n', `${ok}A: b\nC`, 'SSH-2.0', 'HTTP/2', '\n'])
    for (const pieces of [[sends], sends.split('')]) assert.equal(parse(pieces, { closes: false }).how, 'broken', sends)
})

test('bytes behind an answer are no part of it', () => {
  for (const answer of [`${ok}Content-Length: 1\r\n\r\na`, `${chunked}1\r\na\r\n0\r\n\r\n`, 'HTTP/1.1 304 -\r\n\r\n'])
    assert.deepEqual([parse([`${answer}HTTP`]).how, parse([`${answer}HTTP`]).unused], ['end', 4])
})

/** Answers that are nearly right, made of parts that matter to a parser. */
const part = fc.constantFrom(
  ...[
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 103 -\r\n',
    'HTTP/1.0 200 \r\n',
    'Content-Length: 3\r\n',
    'Content-Length: 0\r\n',
  ],
  ...['Transfer-Encoding: chunked\r\n', 'Connection: close\r\n', 'A: b\r\n', '\r\n', '\r', '\n', ' ', ':', '\0'],
  ...['abc', '3\r\nabc\r\n', '0\r\n', '0;x=y\r\n', '1;', 'ff\r\n', '\r\n\r\n', 'HTTP', 'e\r\n'],
)
const soup = fc.oneof(
  fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.array(part, { maxLength: 8 }).map((parts) => `${ok}${parts.join('')}`),
  fc.array(part, { maxLength: 8 }).map((parts) => `${chunked}${parts.join('')}`),
  fc.string({ unit: 'binary-ascii' }),
)
const cuts = fc.array(fc.nat({ max: 120 }), { maxLength: 8 })

function splitAt(text: string, places: readonly number[]): string[] {
  const at = [0, ...places.filter((place) => place < text.length).toSorted((a, b) => a - b), text.length]
  return at.slice(1).map((to, i) => text.slice(at[i], to))
}

test('any split of the same bytes gives the same heads, body and end, and nothing throws', () => {
  fc.assert(
    fc.property(soup, cuts, fc.constantFrom('GET', 'HEAD'), (text, places, method) => {
      const once = parse([text], { method })
      for (const pieces of [splitAt(text, places), text.split('')]) {
        const split = parse(pieces, { method })
        // What came before a fault may have been given already, or not.
        if (once.how === 'broken') assert.equal(split.how, 'broken')
        else assert.deepEqual(split, once)
      }
    }),
    { numRuns: 2000 },
  )
})
