import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readRequest } from './request.ts'

test('the request line is split at its first and last space', () => {
  const rows = [
    { line: 'GET /a?b=c HTTP/1.1', expect: ['GET', '/a?b=c', 'HTTP/1.1'] },
    { line: 'GET /a b c HTTP/1.1', expect: ['GET', '/a b c', 'HTTP/1.1'] },
    { line: 'GET /a', expect: ['GET', '/a', ''] },
    { line: 'GET / ', expect: ['GET', '/', ''] },
    { line: 'GET', expect: ['GET', '', ''] },
  ]
  for (const { line, expect } of rows) {
    const { method, target, protocol } = readRequest(`${line}\r\n\r\n`)
    assert.deepEqual([method, target, protocol], expect, line)
  }
})

test('headers keep their order and their doubles; blanks around a value go, folds become a space', () => {
  const { headers } = readRequest('GET / HTTP/1.1\r\nA:1\r\na: \t2 \r\nB: x\r\n\ty\r\nnothing\r\nHost:\n\n')
  assert.deepEqual(headers, [
    ['A', '1'],
    ['a', '2'],
    ['B', 'x y'],
    ['nothing', ''],
    ['Host', ''],
  ])
})

test('the body is as long as the request says', () => {
  const rows = [
    { head: 'Content-Length: 3', rest: 'abcdef', expect: 'abc' },
    { head: 'content-length: 9', rest: 'abc', expect: 'abc' },
    { head: 'Content-Length: 3x', rest: 'abc', expect: '' },
    { head: 'Accept: x', rest: 'abc', expect: '' },
    {
      head: 'Transfer-Encoding: chunked',
      rest: '3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\nmore',
      expect: 'abc0123456789',
    },
    { head: 'Transfer-Encoding: gzip, Chunked', rest: '3\r\nabc\r\nnonsense', expect: 'abc' },
    { head: 'Transfer-Encoding: chunked', rest: '9\r\nabc', expect: 'abc' },
    { head: 'Transfer-Encoding: chunked', rest: '-3\r\nabc', expect: '' },
  ]
  for (const { head, rest, expect } of rows) {
    assert.equal(readRequest(`POST / HTTP/1.1\r\n${head}\r\n\r\n${rest}`).body, expect, `${head} ${rest}`)
  }
})

test('Transfer-Encoding takes Content-Length out of the request', () => {
  const { headers, body } = readRequest(
    'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n',
  )
  assert.deepEqual(headers, [['Transfer-Encoding', 'chunked']])
  assert.equal(body, 'ab')
})

test('a head without its empty line is still read', () => {
  assert.deepEqual(readRequest('GET / HTTP/1.0\r\nHost: a\r\nX: cut').headers, [
    ['Host', 'a'],
    ['X', 'cut'],
  ])
})

test('arbitrary bytes are read without an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readRequest(Buffer.from(bytes).toString('latin1'))),
  )
})
