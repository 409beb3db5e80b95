import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusesCharset } from './charset.ts'

const accepted = [
  '',
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'text/xml; charset="utf-8"; x=y',
  'text/xml; charset = iso-8859-1 ',
  'multipart/form-data; boundary=charset',
  'text/plain; charset=utf-8, text/plain; charset=us-ascii',
]

const refused = [
  'application/json; charset=utf-7',
  'application/json; CHARSET=UTF-16',
  'application/json; charset="utf\\-7"',
  'application/json; charset=utf-8; charset=utf-7',
  "application/json; charset*=utf-8''utf-7",
  'application/json; charset*0=utf; charset*1=-7',
  'application/json; xcharset=utf-7',
  'application/json; charset=',
  'application/json; charset=utf-8 utf-7',
  "application/json; charset='utf-32'",
  'application/json; charset=ibm037',
  'text/plain; charset=shift_jis',
  'application/json; charset\t=\tutf-7',
  'application/json; charset=utf-8\xa0',
]

for (const type of accepted) {
  test(`every decoder reads ASCII by ${JSON.stringify(type)}`, () => assert.equal(refusesCharset(type), false))
}
for (const type of refused) {
  test(`a decoder may read other text by ${JSON.stringify(type)}`, () => assert.equal(refusesCharset(type), true))
}
