import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { base64Decode } from './base64-decode.ts'
import { base64DecodeExt } from './base64-decode-ext.ts'
import { base64Encode } from './base64-encode.ts'
import { hexDecode } from './hex-decode.ts'
import { hexEncode } from './hex-encode.ts'
import { checkRows } from './rows.ts'
import { sqlHexDecode } from './sql-hex-decode.ts'
import { urlDecode } from './url-decode.ts'
import { urlDecodeUni } from './url-decode-uni.ts'
import { urlEncode } from './url-encode.ts'
import { utf8toUnicode } from './utf8-to-unicode.ts'

checkRows(base64Decode, [
  ['PHNjcmlwdD4=', '<script>', 'padding is understood'],
  ['PHNjcmlwdD4', '<script>', 'padding is not needed'],
  ['PHNjcmlwdD4!!', '<script>', 'what stands before a foreign byte is decoded'],
  ['PHNj\0cmlwdD4', '<sc', 'a NUL ends the value'],
  ['Q', '', 'six bits are no byte'],
])

checkRows(base64DecodeExt, [
  ['P.HNj cml\nwdD4=', '<script>', 'foreign bytes are passed over'],
  ['_-7-', '\xff\xee\xfe', 'the URL-safe alphabet counts'],
])

checkRows(hexDecode, [
  ['3c73', '<s', 'two digits are a byte'],
  ['3C7', '<', 'an odd digit is left out'],
  ['0z', '#', 'letters over f count on'],
])

checkRows(sqlHexDecode, [
  ['0x414243', 'ABC', 'the string alone'],
  ['SELECT 0X4142, 0x4', 'SELECT AB, 0x4', 'in the midst of text; one digit is none'],
  ['0x41424', 'AB4', 'an odd digit is text'],
  ['0x0x41', '0xA', 'a mark without digits is text'],
  ['00x41\0b', '0A\0b', 'zeros and NUL stay'],
])

checkRows(urlDecode, [
  ['a/b', 'a/b', 'a value without % or + stays'],
  ['%3Cscript%3e+1', '<script> 1', 'digits in either case, plus is a space'],
  ['%253c', '%3c', 'what a decoding leaves is not read again'],
  ['100%&%g0%1', '100%&%g0%1', 'a percent sign without two digits stays'],
  ['%u0061', '%u0061', 'wide forms are not read'],
])

checkRows(urlDecodeUni, [
  ['a/b', 'a/b', 'a value without % or + stays'],
  ['%u003Cscript%U003e+%41', '<script> A', 'wide and narrow forms'],
  ['%u1241', 'A', 'of a code point the low byte is kept'],
  ['%uff1c%uFF1E', '<>', 'full-width forms fold to ASCII'],
  ['%u00', '%u00', 'too few digits at the end stay'],
  ['%u%41%u0%41%u004%41', '%uA%u0A%u004A', 'a cut wide form does not hide the next'],
  ['%', '%', 'a percent sign alone stays'],
])

checkRows(urlEncode, [
  ['aZ09*', 'aZ09*', 'letters, digits and the asterisk stay'],
  [' /\xff', '+%2f%ff', 'a space is a plus, the rest hexadecimal'],
])

checkRows(utf8toUnicode, [
  ['plain', 'plain', 'ASCII stays'],
  ['\xc3\xa9', '%u00e9', 'two bytes'],
  ['\xef\xbc\x9cscript', '%uff1cscript', 'three bytes'],
  ['\xf0\x9f\x98\x80', '%u1f600', 'four bytes have more digits'],
  ['\xc0\xae', '%u002e\xc0', 'an overlong dot is decoded, and its lead byte follows'],
  ['\xed\xa0\x80', '%ud800\xed', 'so it is with half a surrogate pair'],
  ['sel\xc3ect', 'select', 'a lead byte alone goes'],
  ['\x80\xff', '\x80\xff', 'bytes that never lead stay'],
  ['\xf5\x80\x80\x80', '\xf5%u140000', 'over U+10FFFF the byte precedes'],
  ['\xf7\xbf', '\xf7\xbf', 'a long sequence may be cut off'],
  ['a\0\xc3\xa9', 'a\0%u00e9', 'NUL stays'],
])

const bytes = fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) })

for (const [name, encode, decode] of [
  ['base64', base64Encode, base64Decode],
  ['base64 in its lenient form', base64Encode, base64DecodeExt],
  ['hexadecimal', hexEncode, hexDecode],
  ['URL encoding', urlEncode, urlDecode],
  ['URL encoding, read with wide forms', urlEncode, urlDecodeUni],
] as const) {
  test(`${name} comes back as it was`, () => {
    fc.assert(fc.property(bytes, (value) => assert.equal(decode.apply(encode.apply(value)), value)))
  })
}

test('UTF-8 text through utf8toUnicode and urlDecodeUni gives the low byte of each character', () => {
  const character = fc.integer({ min: 0x80, max: 0xd7ff })
  fc.assert(
    fc.property(fc.array(character), (points) => {
      const utf8 = Buffer.from(String.fromCharCode(...points)).toString('latin1')
      const low = String.fromCharCode(...points.map((point) => point & 0xff))
      assert.equal(urlDecodeUni.apply(utf8toUnicode.apply(utf8)), low)
    }),
  )
})
