import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDisposition } from './content-disposition.ts'

interface Row {
  readonly header: string
  readonly name?: string
  readonly fileName?: string
  readonly invalidQuoting?: true
}

const read: readonly Row[] = [
  { header: 'form-data; name="a"', name: 'a' },
  { header: 'form-data;name=a', name: 'a' },
  { header: 'form-data ; name = "a" ;', name: 'a' },
  { header: 'form-data; name="a;b=\\c"', name: 'a;b=\\c', invalidQuoting: true },
  { header: 'form-data; name="fi;le"; filename="x=y.txt"', name: 'fi;le', fileName: 'x=y.txt' },
  { header: 'form-data; filename="x"; name="a"', name: 'a', fileName: 'x' },
  { header: 'form-data; name="a"; filename=""', name: 'a', fileName: '' },
  { header: 'form-data; name="a"; filename="caf\xc3\xa9"', name: 'a', fileName: 'caf\xc3\xa9' },
  { header: 'form-data; name="a\\"b\\\\"', name: 'a"b\\', invalidQuoting: true },
  { header: 'form-data; name="a"; filename="C:\\x.php"', name: 'a', fileName: 'C:\\x.php', invalidQuoting: true },
  { header: `form-data; name="o'b"`, name: `o'b`, invalidQuoting: true },
  { header: 'form-data; name="=?utf-8?Q?a?="', name: '=?utf-8?Q?a?=', invalidQuoting: true },
  { header: `form-data; name='a'`, name: `'a'`, invalidQuoting: true },
  { header: `form-data; name=a; filename=x.txt; filename*=utf-8''x.txt`, name: 'a', fileName: 'x.txt' },
  { header: `form-data; name=a; filename*=UTF-8'en'%c3%a9; filename="\xc3\xa9"`, name: 'a', fileName: '\xc3\xa9' },
]

for (const { header, name, fileName, invalidQuoting } of read) {
  test(`${JSON.stringify(header)} is read`, () => {
    const expected = { name, fileName: fileName ?? null, invalidQuoting: invalidQuoting === true, error: null }
    assert.deepEqual(readDisposition(header), expected)
  })
}

const refused: readonly (readonly [string, RegExp])[] = [
  ['', /not form-data/],
  ['attachment; name="a"', /not form-data/],
  ['Form-Data; name="a"', /not form-data/],
  ['form-datax; name="a"', /semicolon/],
  ['form-data', /without a name/],
  ['form-data; name=""', /malformed|without a name/],
  ['form-data; filename="x"', /without a name/],
  ['form-data; name="a" filename="x"', /semicolon/],
  ['form-data; name="a"b"', /semicolon/],
  ['form-data; name="a', /malformed/],
  ['form-data; name="a\\"', /malformed/],
  ['form-data; name=a b', /semicolon/],
  ['form-data; name', /malformed/],
  ['form-data; =a', /malformed/],
  ['form-data;; name=a', /malformed/],
  ['form-data; name=a; name=a', /repeated/],
  ['form-data; name=a; filename="x"; filename="y"', /repeated/],
  ['form-data; Name=a', /unknown/],
  ['form-data; name=a; x=y', /unknown/],
  ['form-data; name=a; filename*0="x"; filename*1=".php"', /unknown/],
  [`form-data; name*=utf-8''a`, /unknown/],
  [`form-data; name=a; filename*=utf-8''x.php`, /differs/],
  [`form-data; name=a; filename="x.txt"; filename*=utf-8''x.php`, /differs/],
  [`form-data; name=a; filename="\xe9"; filename*=iso-8859-1''%e9`, /differs/],
  [`form-data; name=a; filename="%zz"; filename*=utf-8''%zz`, /differs/],
]

for (const [header, reason] of refused) {
  test(`${JSON.stringify(header)} is refused`, () => assert.match(readDisposition(header).error ?? '', reason))
}
