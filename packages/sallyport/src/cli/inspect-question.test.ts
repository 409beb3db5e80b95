import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readQuestion } from './inspect-question.ts'

const read = (line: unknown) => readQuestion(Buffer.from(typeof line === 'string' ? line : JSON.stringify(line)))
const parts = { method: 'GET', target: '/', headers: [['host', 'a']] }

test('a raw request is decoded, and what else the line says is passed over', () => {
  assert.deepEqual(read({ id: 'a1', raw: 'R0VU', set: 'x', expect: 'allow' }), {
    id: 'a1',
    raw: new Uint8Array([0x47, 0x45, 0x54]),
  })
})

test('the parts of a request and its response are read', () => {
  const response = { status: 200, headers: [['a', 'b']], body: 'eA==' }
  assert.deepEqual(read({ id: 7, ...parts, body: 'YQ==', response }), {
    id: 7,
    parts: {
      ...parts,
      body: new Uint8Array([0x61]),
      response: { status: 200, headers: [['a', 'b']], body: new Uint8Array([0x78]) },
    },
  })
})

test('a line without id, body and response has null for each', () => {
  assert.deepEqual(read(parts), { id: null, parts: { ...parts, body: null, response: null } })
})

test('characters up to U+00FF are bytes', () => {
  const question = read({ ...parts, headers: [['x', '\u00ff']] })
  assert.ok('parts' in question && question.parts.headers[0]?.[1] === '\u00ff')
})

const bad: readonly { line: unknown; id?: string | number | null; says: RegExp }[] = [
  { line: '', says: /not JSON/ },
  { line: '{"id":"a1","raw":', says: /not JSON/ },
  { line: '[]', says: /not a JSON object/ },
  { line: 'null', says: /not a JSON object/ },
  { line: '1', says: /not a JSON object/ },
  { line: {}, says: /give "raw", or/ },
  { line: { id: {} }, says: /"id" must be/ },
  { line: { id: true, raw: '' }, says: /"id" must be/ },
  { line: { id: 'a', raw: 1 }, id: 'a', says: /"raw" must be a text in base64/ },
  { line: { id: 'a', raw: null }, id: 'a', says: /"raw" must be a text in base64/ },
  { line: { id: 'a', raw: '*' }, id: 'a', says: /"raw" is not base64/ },
  { line: { id: 0, raw: '', method: 'GET' }, id: 0, says: /"raw" or "method", not both/ },
  { line: { id: 'a', ...parts, method: undefined }, id: 'a', says: /"method" must be/ },
  { line: { id: 'a', ...parts, method: '' }, id: 'a', says: /"method" must be/ },
  { line: { id: 'a', ...parts, target: 5 }, id: 'a', says: /"target" must be/ },
  { line: { id: 'a', ...parts, target: '/\u0100' }, id: 'a', says: /"target" has a character above U\+00FF/ },
  { line: { id: 'a', ...parts, headers: undefined }, id: 'a', says: /"headers" must be a list/ },
  { line: { id: 'a', ...parts, headers: { host: 'a' } }, id: 'a', says: /"headers" must be a list/ },
  { line: { id: 'a', ...parts, headers: [['host']] }, id: 'a', says: /"headers" must be a list/ },
  { line: { id: 'a', ...parts, headers: [['host', 1]] }, id: 'a', says: /"headers" must be a list/ },
  { line: { id: 'a', ...parts, headers: [['x', '\u20ac']] }, id: 'a', says: /"headers" has a character above U\+00FF/ },
  { line: { id: 'a', ...parts, body: '=' }, id: 'a', says: /"body" is not base64/ },
  { line: { id: 'a', ...parts, response: 1 }, id: 'a', says: /"response" must be an object/ },
  { line: { id: 'a', ...parts, response: {} }, id: 'a', says: /"response.status" must be/ },
  { line: { id: 'a', ...parts, response: { status: 99 } }, id: 'a', says: /"response.status" must be/ },
  { line: { id: 'a', ...parts, response: { status: 200, body: '?' } }, id: 'a', says: /"response.body" is not base64/ },
]
for (const { line, id = null, says } of bad) {
  test(`${JSON.stringify(line)} is an error that says what is wrong`, () => {
    const question = read(line)
    assert.equal(question.id, id)
    assert.match('error' in question ? question.error : 'no error', says)
  })
}

test('a line that is not UTF-8 is an error', () => {
  assert.deepEqual(readQuestion(Buffer.from([0x22, 0xff, 0x22])), { id: null, error: 'the line is not UTF-8' })
})

test('names of Object.prototype change nothing', () => {
  const question = read('{"__proto__":{"raw":"R0VU"},"constructor":1,"id":"a"}')
  assert.ok('error' in question)
})

test('whatever a line holds, it is read or told why not', () => {
  const line = fc.oneof(
    fc.uint8Array(),
    fc.json().map(Buffer.from),
    fc.object().map((value) => Buffer.from(JSON.stringify({ ...parts, ...value }))),
  )
  fc.assert(fc.property(line, (bytes) => void readQuestion(Buffer.from(bytes))))
})
