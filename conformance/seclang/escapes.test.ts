import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeEscapes } from './escapes.ts'

test('escapes of a case become bytes, and its text the bytes of its UTF-8', () => {
  const rows = [
    { text: 'plain', expect: 'plain' },
    { text: 'a\\x00b', expect: 'a\0b' },
    { text: '\\xC3\\xbf', expect: '\xc3\xbf' },
    { text: '\\u0041\\u00e9', expect: 'A\xe9' },
    { text: '\\u1234', expect: '4', why: 'a byte keeps the low eight bits' },
    { text: '\\x5c\\x5d', expect: '\\]', why: 'a decoded backslash does not begin another escape' },
    { text: '\\xag', expect: '\x0a', why: 'the digits end at the g' },
    { text: '\\xga', expect: '\0', why: 'no digit at all' },
    { text: '\\x', expect: '\\x' },
    { text: '\\0', expect: '\\0' },
    { text: '\\n', expect: '\\n' },
    { text: 'é€', expect: '\xc3\xa9\xe2\x82\xac' },
  ]
  for (const { text, expect, why } of rows) assert.equal(decodeEscapes(text), expect, why ?? text)
})
