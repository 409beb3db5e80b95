import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testBounds } from './bodies.fixture.ts'
import { xml } from './xml.ts'

const read = (body: string) => xml(body, 'application/xml', testBounds)

const rows: readonly { readonly body: string; readonly text: string; readonly attributes?: readonly string[] }[] = [
  { body: '<a/>', text: '' },
  { body: '<?xml version="1.0"?>\n<a>x</a>\n', text: 'x' },
  { body: '<a>x<b>y</b>z</a>', text: 'xyz' },
  { body: '<a><![CDATA[<x>&amp;]]></a>', text: '<x>&amp;' },
  { body: '<a>&lt;&#x41;&#66;&quot;&apos;&gt;&amp;</a>', text: `<AB"'>&` },
  { body: '<a>x<!-- c --><?p i?>y</a>', text: 'xy' },
  { body: '<a b="1" c=\'&lt;\'><d e="2"/></a>', text: '', attributes: ['1', '<', '2'] },
  { body: '<s:a xmlns:s="urn:s" s:b="1"><t:c/></s:a>', text: '', attributes: ['1'] },
  { body: '<a xmlns="urn:s" xmlnsx="1"/>', text: '', attributes: ['1'] },
  { body: '<a b="&#233;">\xc3\xa9&#x1F600;</a>', text: '\xc3\xa9\xf0\x9f\x98\x80', attributes: ['\xc3\xa9'] },
  { body: '<\xc3\xa9>x</\xc3\xa9>', text: 'x' },
  { body: '\xef\xbb\xbf<a>x</a>', text: 'x' },
  { body: '<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', text: '\xc3\xa9' },
  { body: '<?xml version="1.0" encoding="utf-8" standalone="yes"?><a>x</a>', text: 'x' },
  { body: '<__proto__ constructor="1">x</__proto__>', text: 'x', attributes: ['1'] },
]

for (const { body, text, attributes = [] } of rows) {
  test(`XML of ${JSON.stringify(body)} has this text and these attributes`, () => {
    const parsed = read(body)
    assert.equal(parsed.error, null)
    assert.deepEqual(parsed.xml, { text, attributes })
  })
}

const malformed: readonly (readonly [string, RegExp])[] = [
  ['x', /outside of root/],
  ['<a>', /unclosed tag/],
  ['<a></b>', /unexpected close tag/],
  ['<a/><b/>', /one root/],
  ['<a b=1/>', /unquoted/],
  ['<a b="1" b="2"/>', /duplicate attribute/],
  ['<a>\x01</a>', /disallowed character/],
  ['<a>&#1;</a>', /character/],
  ['<a>\0</a>', /disallowed character/],
  ['<a>&constructor;</a>', /undefined entity/],
  ['<a>&nbsp;</a>', /undefined entity/],
  ['<!DOCTYPE a><a/>', /document type/],
  ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', /document type/],
  ['<?xml version="1.1"?><a/>', /version/],
  ['<?xml version="1.0" encoding="utf-16"?><a/>', /encoding/],
  ['<?xml version="1.0" encoding="UTF-7"?><a>+ADw-</a>', /encoding/],
  ['<a>\xe9</a>', /invalid UTF-8/],
  ['<?xml version="1.0" encoding="UTF-8"?><a>\xe9</a>', /invalid UTF-8/],
  ['\xff\xfe<\0a\0/\0>\0', /XML parsing error/],
  ['\xfe\xff\0<\0a\0/\0>', /XML parsing error/],
]

for (const [body, reason] of malformed) {
  test(`XML of ${JSON.stringify(body)} is an error`, () => assert.match(read(body).error ?? '', reason))
}

test('what stands before an error is kept', () => {
  assert.deepEqual(read('<a b="1">x<c>y</d>').xml, { text: 'xy', attributes: ['1'] })
})

test('an empty body is no error, a charset that hides text is one', () => {
  assert.equal(read('').error, null)
  assert.match(xml('<a/>', 'text/xml; charset=utf-16', testBounds).error ?? '', /charset/)
})

test('the last level and attribute within the bounds are read, the next are errors', () => {
  const nested = (levels: number): string => '<a>'.repeat(levels) + '</a>'.repeat(levels)
  assert.equal(read(nested(testBounds.depthMax)).error, null)
  assert.match(read(nested(testBounds.depthMax + 1)).error ?? '', /more than 8 levels/)
  const attributes = (count: number): string =>
    `<a ${Array.from({ length: count }, (_, index) => `b${index}="1"`).join(' ')}/>`
  assert.equal(read(attributes(testBounds.valuesMax)).error, null)
  assert.match(read(attributes(testBounds.valuesMax + 1)).error ?? '', /more than 50 attributes/)
})

test('text and attributes that are written as XML are read back', () => {
  const text = fc
    .string({ unit: 'binary' })
    .filter((value) => !/[\0-\x1f\ufffe\uffff]/.test(value) && value.isWellFormed())
  const written = (value: string): string => value.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
  const utf8 = (value: string): string => Buffer.from(value, 'utf8').toString('latin1')
  fc.assert(
    fc.property(text, text, (content, attribute) => {
      const parsed = read(utf8(`<a b="${written(attribute)}"><c>${written(content)}</c></a>`))
      assert.equal(parsed.error, null)
      assert.deepEqual(parsed.xml, { text: utf8(content), attributes: [utf8(attribute)] })
    }),
  )
})
