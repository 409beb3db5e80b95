/** Bodies of which only the beginning is given. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flagsOf, pairsOf, testBounds } from './bodies.fixture.ts'
import type { ProcessorName } from './body.ts'
import { bodyProcessors } from './index.ts'

const form = 'multipart/form-data; boundary=Bo'
const parts =
  '--Bo\r\nContent-Disposition: form-data; name="a"; filename="x"\r\nContent-Type: text/plain\r\n\r\n1\r\n--B\r\n--Bo\r\nContent-Disposition: form-data; name="b"\r\n\r\n22\r\n--Bo--\r\n'

const whole: readonly (readonly [processor: ProcessorName, type: string, body: string])[] = [
  ['URLENCODED', 'application/x-www-form-urlencoded', 'a=%41+b&c[]=%C3%A9&d=&c[]=1'],
  ['MULTIPART', form, parts],
  [
    'JSON',
    'application/json',
    ' {"a": [1, -0.5e+3, true, null, {"b\\u0041": "\\u00e9\\ud83d\\ude00\\n"}], "": [], "c": {}} ',
  ],
  ['JSON', 'application/json', '"only a string"'],
  [
    'XML',
    'text/xml',
    '<?xml version="1.0" encoding="utf-8"?><a x="&lt;"><b>\xc3\xa9\xf0\x9f\x98\x80</b><![CDATA[x]]><!--c--><d/></a> ',
  ],
]
for (const [processor, type, body] of whole) {
  test(`${processor}: a sound body, cut anywhere, is no error, and raises no flag (${body.slice(0, 12)}…)`, () => {
    for (let length = 1; length <= body.length; length++) {
      const parsed = bodyProcessors[processor](body.slice(0, length), type, testBounds, true)
      assert.deepEqual([parsed.error, flagsOf(parsed)], [null, []], `after ${length} bytes: ${body.slice(0, length)}`)
    }
    assert.deepEqual(
      bodyProcessors[processor](body, type, testBounds, true),
      bodyProcessors[processor](body, type, testBounds),
    )
  })
}

const begun: readonly (readonly [processor: ProcessorName, type: string, body: string, pairs: readonly string[]])[] = [
  ['URLENCODED', 'application/x-www-form-urlencoded', 'a=1&b=%41x%4', ['a=1', 'b=Ax']],
  ['URLENCODED', 'application/x-www-form-urlencoded', 'a=1&eval', ['a=1', 'eval=']],
  [
    'JSON',
    'application/json',
    '{"a":1,"b":["x","ev\\u0061l(\\u00',
    ['json.a=1', 'json.b.array_0=x', 'json.b.array_1=eval('],
  ],
  ['JSON', 'application/json', '{"a":1,"ev\\u0061l', ['json.a=1', 'json.eval=']],
  ['JSON', 'application/json', '[1,-', ['json.array_0=1', 'json.array_1=-']],
  ['JSON', 'application/json', '[tr', ['json.array_0=tr']],
  ['MULTIPART', form, parts.slice(0, parts.indexOf('2\r\n--Bo--')), ['b=2']],
  ['MULTIPART', form, parts.slice(0, parts.indexOf('\r\n--Bo--')), ['b=22']],
]
for (const [processor, type, body, pairs] of begun) {
  test(`${processor}: what a cut body breaks off in is read as far as it goes: ${body.slice(-12)}`, () => {
    assert.deepEqual(pairsOf(bodyProcessors[processor](body, type, testBounds, true).args), pairs)
  })
}

test('XML: text and attributes before the cut are read', () => {
  const parsed = bodyProcessors.XML('<a x="1">ev<b>al(', 'text/xml', testBounds, true)
  assert.deepEqual([parsed.xml?.text, parsed.xml?.attributes], ['eval(', ['1']])
})

const broken: readonly (readonly [processor: ProcessorName, type: string, body: string])[] = [
  ['JSON', 'application/json', '{"a":nope'],
  ['JSON', 'application/json', "{'a"],
  ['JSON', 'application/json', '{"a":1,}'],
  ['JSON', 'application/json', '{"a" "b'],
  ['JSON', 'application/json', '{"a":"\\q'],
  ['JSON', 'application/json', '{"a":"\x01'],
  ['JSON', 'application/json', '{"a":01'],
  ['JSON', 'application/json', '[1--'],
  ['JSON', 'application/json', '{"a":1}x'],
  ['JSON', 'application/json', '['.repeat(testBounds.depthMax + 1)],
  ['JSON', 'application/json', `[${'1,'.repeat(testBounds.valuesMax + 1)}`],
  ['JSON', 'application/json; charset=utf-16', '{"a'],
  ['XML', 'text/xml', '<a></b'.concat('>')],
  ['XML', 'text/xml', '<!DOCTYPE a><a'],
  ['XML', 'text/xml', '<a>\xff</a'],
  ['MULTIPART', form, 'preamble'],
  ['MULTIPART', form, '--Bo\r\nContent-Disposition: form-data\r\nno colon\r\n\r\nx'],
  ['MULTIPART', 'multipart/form-data', parts],
]
for (const [processor, type, body] of broken) {
  test(`${processor}: a cut body that is wrong before the cut is an error still: ${body.slice(0, 20)}`, () => {
    assert.notEqual(bodyProcessors[processor](body, type, testBounds, true).error, null)
  })
}
