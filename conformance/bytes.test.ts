import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf, shown } from './bytes.ts'

test('text becomes its UTF-8 bytes', () => {
  assert.equal(bytesOf('aé€'), 'a\xc3\xa9\xe2\x82\xac')
})

test('what is shown can be told apart: a byte is escaped, and so is a backslash that only looks like one', () => {
  assert.equal(shown('a\xbc\r\n"'), 'a\\xbc\\x0d\\x0a"')
  assert.equal(shown('\\xbc'), '\\\\xbc')
  assert.equal(shown('abcdef', 3), 'abc… (6 bytes)')
})
