import assert from 'node:assert/strict'
import { test } from 'node:test'
import { http2Head } from './head.ts'

const line = [':method', 'GET', ':path', '/a?b', ':scheme', 'https', ':authority', 'a.example']

const rows: readonly { why: string; raw: readonly string[]; fields: readonly string[] }[] = [
  { why: ':authority is the first field, as Host', raw: [...line, 'x', '1'], fields: ['host', 'a.example', 'x', '1'] },
  { why: 'a Host that says the same is left out', raw: [...line, 'host', 'a.example'], fields: ['host', 'a.example'] },
  {
    why: 'a Host that differs stays, to be refused',
    raw: [...line, 'host', 'b.example'],
    fields: ['host', 'a.example', 'host', 'b.example'],
  },
  { why: 'without :authority, Host is the host', raw: [...line.slice(0, 6), 'host', 'b'], fields: ['host', 'b'] },
  {
    why: 'crumbs of a cookie are one field, where the first stood',
    raw: [...line, 'cookie', 'a=1', 'x', '1', 'cookie', 'b=2', 'cookie', 'c=3'],
    fields: ['host', 'a.example', 'cookie', 'a=1; b=2; c=3', 'x', '1'],
  },
  {
    why: 'names that JavaScript knows are names',
    raw: [...line, '__proto__', '1', 'constructor', '2'],
    fields: ['host', 'a.example', '__proto__', '1', 'constructor', '2'],
  },
]
for (const { why, raw, fields } of rows) {
  test(`${why}`, () => {
    assert.deepEqual(http2Head(raw), { method: 'GET', target: '/a?b', scheme: 'https', rawHeaders: fields })
  })
}

test('a CONNECT has no path, and no scheme', () => {
  assert.deepEqual(http2Head([':method', 'CONNECT', ':authority', 'a:1']), {
    method: 'CONNECT',
    target: '',
    scheme: null,
    rawHeaders: ['host', 'a:1'],
  })
})
