import assert from 'node:assert/strict'
import { test } from 'node:test'
import { multipartBoundaryBytesMax, multipartContentTypeBytesMax } from '../bounds.ts'
import { readBoundary } from './boundary.ts'

const longest = 'b'.repeat(multipartBoundaryBytesMax)

const read: readonly { readonly type: string; readonly boundary: string; readonly flags?: readonly string[] }[] = [
  { type: 'multipart/form-data; boundary=abc', boundary: 'abc' },
  { type: 'Multipart/Form-Data;boundary=----WebKitFormBoundary7MA4', boundary: '----WebKitFormBoundary7MA4' },
  { type: 'multipart/form-data; boundary=boundary', boundary: 'boundary' },
  { type: 'multipart/form-data; boundary=----=_Part_1_2.3', boundary: '----=_Part_1_2.3' },
  { type: 'multipart/form-data; charset=utf-8; boundary=abc', boundary: 'abc' },
  { type: 'multipart/form-data; boundary=abc; charset=UTF-8', boundary: 'abc' },
  { type: 'multipart/form-data; boundary=abc;', boundary: 'abc' },
  { type: `multipart/form-data; boundary=${longest}`, boundary: longest },
  { type: 'multipart/form-data; boundary="a b,c"', boundary: 'a b,c', flags: ['quoted'] },
  { type: 'multipart/form-data; boundary =abc', boundary: 'abc', flags: ['whitespace'] },
  { type: 'multipart/form-data; boundary=\tabc', boundary: 'abc', flags: ['whitespace'] },
  { type: 'multipart/form-data boundary=abc', boundary: 'abc', flags: ['missingSemicolon'] },
]

for (const { type, boundary, flags = [] } of read) {
  test(`the boundary of ${type} is the one that every parser reads, or is flagged`, () => {
    const found = readBoundary(type)
    assert.equal(found.error, null)
    assert.equal(found.boundary, boundary)
    const set = (['quoted', 'whitespace', 'missingSemicolon'] as const).filter((flag) => found[flag])
    assert.deepEqual(set, flags)
  })
}

const refused: readonly (readonly [string, RegExp])[] = [
  ['', /not multipart/],
  ['multipart/mixed; boundary=a', /not multipart/],
  ['multipart/form-data', /no boundary/],
  ['multipart/form-datax; boundary=a', /malformed/],
  ['multipart/form-data; boundary=a; boundary=a', /more than one/],
  ['multipart/form-data; boundary=a, multipart/form-data; boundary=b', /malformed|comma|more than one/],
  ["multipart/form-data; boundary*=utf-8''a; boundary=b", /unexpected/],
  ['multipart/form-data; boundary*0=a; boundary*1=b', /unexpected/],
  ['multipart/form-data; Boundary=a', /unexpected/],
  ['multipart/form-data; x=y; boundary=a', /unexpected/],
  ['multipart/form-data;; boundary=a', /malformed/],
  ['multipart/form-data; boundary', /malformed/],
  ['multipart/form-data; boundary=', /malformed/],
  ['multipart/form-data; boundary=""', /empty/],
  ['multipart/form-data; boundary="a', /malformed/],
  ['multipart/form-data; boundary=a"', /malformed/],
  ['multipart/form-data; boundary="a\\"b"', /malformed/],
  ['multipart/form-data; boundary="a"b', /malformed/],
  ['multipart/form-data; boundary=a b', /malformed/],
  ['multipart/form-data; boundary=a,b', /comma/],
  ['multipart/form-data; boundary=a@b', /invalid character/],
  ['multipart/form-data; boundary="a "', /invalid character/],
  ['multipart/form-data; boundary="xboundary=y"', /contains a boundary/],
  [`multipart/form-data; boundary=${longest}b`, /more than 70 bytes/],
  ['multipart/form-data; boundary=a\0', /outside of ASCII/],
  ['multipart/form-data; boundary=a\xe9', /outside of ASCII/],
  [`multipart/form-data; boundary=a${' '.repeat(multipartContentTypeBytesMax)}`, /too long/],
]

for (const [type, reason] of refused) {
  test(`no boundary is read from ${JSON.stringify(type.slice(0, 80))}`, () => {
    const found = readBoundary(type)
    assert.equal(found.boundary, null)
    assert.match(found.error ?? '', reason)
  })
}
