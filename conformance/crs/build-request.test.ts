import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildRequest, encodeForm } from './build-request.ts'
import type { FtwInput } from './go-ftw.ts'
import { readRequest } from './request.ts'

const plain: FtwInput = {
  method: 'GET',
  uri: '/',
  version: 'HTTP/1.1',
  headers: [['Host', 'a']],
  data: '',
  autocompleteHeaders: true,
  encodedRequest: null,
}

test('the bytes on the wire', () => {
  const rows: { readonly input: Partial<FtwInput>; readonly expect: string; readonly why: string }[] = [
    { input: {}, expect: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', why: 'GET has no length' },
    {
      input: { method: 'POST' },
      expect: 'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
      why: 'a method that has a body says that it is empty',
    },
    {
      input: { data: 'a=b c' },
      expect:
        'GET / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: 5\r\n\r\na=b+c',
      why: 'data without a type is a form',
    },
    {
      input: {
        headers: [
          ['connection', 'x'],
          ['CONTENT-LENGTH', '9'],
          ['content-type', 'text/plain'],
        ],
        data: 'a b',
      },
      expect: 'GET / HTTP/1.1\r\nconnection: x\r\nCONTENT-LENGTH: 9\r\ncontent-type: text/plain\r\n\r\na b',
      why: 'what is there stays, however it is written',
    },
    {
      input: { autocompleteHeaders: false, method: 'POST', data: 'a=b c' },
      expect: 'POST / HTTP/1.1\r\nHost: a\r\n\r\na=b c',
      why: 'nothing is added where the test says so',
    },
    {
      input: {
        autocompleteHeaders: false,
        headers: [['Content-Type', 'Multipart/Form-Data; boundary=x']],
        data: '--x\n\r\n',
      },
      expect: 'GET / HTTP/1.1\r\nContent-Type: Multipart/Form-Data; boundary=x\r\n\r\n--x\r\n\r\r\n',
      why: 'every LF of a multipart body becomes CRLF',
    },
    { input: { version: '', headers: [], autocompleteHeaders: false }, expect: 'GET / \r\n\r\n', why: 'no version' },
    { input: { encodedRequest: 'x\ny' }, expect: 'x\ny', why: 'a request given as bytes stays as it is' },
  ]
  for (const { input, expect, why } of rows) assert.equal(buildRequest({ ...plain, ...input }), expect, why)
})

test('a form is escaped pair by pair, unless it holds an escape already', () => {
  const rows = [
    { data: 'a=b', expect: 'a=b' },
    { data: 'a=b=c&d', expect: 'a=b%3Dc&d' },
    { data: "x=1' or '1&y[]=<é>", expect: 'x=1%27+or+%271&y%5B%5D=%3C%E9%3E' },
    { data: 'a-b_c.d~e=*', expect: 'a-b_c.d~e=%2A' },
    { data: 'a=b%20c d', expect: 'a=b%20c d' },
    { data: 'a=b+c d', expect: 'a=b+c d' },
    { data: 'a=%zz "', expect: 'a=%zz "' },
    { data: 'a=1&&b=2&', expect: 'a=1&&b=2' },
    { data: '&', expect: '' },
  ]
  for (const { data, expect } of rows) assert.equal(encodeForm(data), expect, data)
})

test('a request of clean parts is read back as it was built', () => {
  const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/)
  const value = fc.stringMatching(/^[!-~\x80-\xff]{1,9}$/)
  const body = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
  const headers = fc.array(fc.tuple(token, value), { maxLength: 4 })
  fc.assert(
    fc.property(token, value, headers, body, (method, uri, extra, data) => {
      const kept = extra.filter(([name]) => !/^(content-(length|type)|transfer-encoding|connection)$/i.test(name))
      const typed = [['Content-Type', 'application/octet-stream'], ...kept] as const
      const request = readRequest(buildRequest({ ...plain, method, uri, headers: typed, data }))
      assert.equal(request.method, method)
      assert.equal(request.target, uri)
      assert.equal(request.protocol, 'HTTP/1.1')
      assert.deepEqual(request.headers.slice(0, typed.length), typed)
      assert.equal(request.body, data)
    }),
  )
})
