import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer } from './backend.ts'

function post(target: string, body: string) {
  return answer({ method: 'POST', target, protocol: 'HTTP/1.1', headers: [], body })
}

test('every request but a reflection gets an empty 200', () => {
  for (const target of ['/', '/get?x=1', '/reflected', '/x/reflect']) {
    assert.equal(post(target, '{"status":500,"body":"x"}').status, 200, target)
  }
  const read = answer({ method: 'GET', target: '/reflect', protocol: 'HTTP/1.1', headers: [], body: '{"body":"x"}' })
  assert.equal(read.body, '')
})

test('a reflection answers what its body says', () => {
  const response = post(
    '/reflect?a',
    '{"status":503,"headers":{"X-A":"b","Content-Type":"text/xml"},"body":"\xc3\xa9"}',
  )
  assert.deepEqual(response, {
    status: 503,
    headers: [
      ['X-A', 'b'],
      ['Content-Type', 'text/xml'],
    ],
    body: '\xc3\xa9',
  })
  assert.equal(post('/reflect', `{"encodedBody":"${btoa('\xff')}"}`).body, '\xff')
  assert.deepEqual(post('/reflect', '{"body":" <p>"}').headers, [['Content-Type', 'text/html; charset=utf-8']])
  assert.deepEqual(post('/reflect', '{"body":"p"}').headers, [['Content-Type', 'text/plain; charset=utf-8']])
  assert.equal(post('/reflect', 'null').status, 200)
})

test('a reflection that cannot be read is the client’s mistake', () => {
  for (const body of ['', '<p>', '{"status":99}', '{"status":600}'])
    assert.equal(post('/reflect', body).status, 400, body)
})
