import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUnicodeMap } from './unicode-map.ts'
import { urlDecodeUniWith } from './url-decode-uni.ts'

const file =
  '(a remark)\r\n\r\n1250  (ANSI - Central Europe)\r\n00a1:21 2019:27\r\n\r\n20127 (US-ASCII)\r\n00a0:20 02bc:27 0100:41 \r\n'

test('the pairs of one code page are read, those of others are not', () => {
  assert.deepEqual(
    [...parseUnicodeMap(file, 20127)],
    [
      [0xa0, 0x20],
      [0x2bc, 0x27],
      [0x100, 0x41],
    ],
  )
  assert.equal(parseUnicodeMap(file, 1250).get(0x2019), 0x27)
})

test('a code page that the file does not have gives no pair', () => {
  assert.equal(parseUnicodeMap(file, 874).size, 0)
})

test('words that are no pair are remarks', () => {
  assert.deepEqual([...parseUnicodeMap('1 x\n00a1:2 0a1:21 00a1:zz ::: 00a2:63', 1)], [[0xa2, 0x63]])
})

test('urlDecodeUni with a map takes its byte, and the low byte of a code point that it lacks', () => {
  const decoder = urlDecodeUniWith(parseUnicodeMap(file, 20127))
  assert.equal(decoder.apply('%u02bc or %u0100+%u0141%uff1c%42'), "' or A A<B")
})
