import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bodyDepthMax, bodyPartsMax, jsonNamesBytesMax, valuesMax } from '../bounds.ts'
import { pairsOf, testBounds } from './bodies.fixture.ts'
import type { BodyBounds } from './body.ts'
import { json } from './json.ts'

const wide: BodyBounds = { valuesMax, depthMax: bodyDepthMax, partsMax: bodyPartsMax }
const read = (body: string, bounds = testBounds) => json(body, 'application/json', bounds)

const rows: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['{}', []],
  ['[]', []],
  ['[[],{}]', []],
  [' "x" ', ['json=x']],
  ['-0.5E+10', ['json=-0.5E+10']],
  ['[true,false,null]', ['json.array_0=true', 'json.array_1=false', 'json.array_2=']],
  ['{"a":1,"a":2}', ['json.a=1', 'json.a=2']],
  ['{"a":{"b":"c"}}', ['json.a.b=c']],
  ['{"list":["x",{"k":1},["y"]]}', ['json.list.array_0=x', 'json.list.array_1.k=1', 'json.list.array_2.array_0=y']],
  ['{"":"v"}', ['json.empty-key=v']],
  ['{"<script>":{},"b":[]}', ['json.<script>=', 'json.b=']],
  ['{"__proto__":{"x":1},"constructor":2}', ['json.__proto__.x=1', 'json.constructor=2']],
  ['\t{\n"a"\r: 1 }\n', ['json.a=1']],
  ['["\\"\\\\\\/\\b\\f\\n\\r\\t"]', ['json.array_0="\\/\b\f\n\r\t']],
  ['"\\u0041\\u00e9\\u20AC"', ['json=A\xc3\xa9\xe2\x82\xac']],
  ['"\\ud83d\\ude00"', ['json=\xf0\x9f\x98\x80']],
  ['"\\udbff\\udfff"', ['json=\xf4\x8f\xbf\xbf']],
  ['"\\u0000"', ['json=\0']],
  ['"\\ud800x\\udc00"', ['json=\xed\xa0\x80x\xed\xb0\x80']],
  ['"\\ud800\\u0041"', ['json=\xed\xa0\x80A']],
  ['{"\\u0061":1}', ['json.a=1']],
  ['"\xc3\xa9\xff\x7f"', ['json=\xc3\xa9\xff\x7f']],
]

for (const [body, args] of rows) {
  test(`JSON of ${JSON.stringify(body)} has these arguments`, () => {
    const parsed = read(body)
    assert.deepEqual(pairsOf(parsed.args), args)
    assert.equal(parsed.error, null)
  })
}

const malformed: readonly (readonly [string, readonly string[]])[] = [
  [' ', []],
  ['\xef\xbb\xbf{}', []],
  ['{"a":1}x', ['json.a=1']],
  ['{"a":1}\0', ['json.a=1']],
  ['{"a":1}{"b":2}', ['json.a=1']],
  ['[1,]', ['json.array_0=1']],
  ['{"a":1,}', ['json.a=1']],
  ['{"a":1', ['json.a=1']],
  ['[1}', ['json.array_0=1']],
  ['{"a"}', []],
  ['{a:1}', []],
  ["{'a':1}", []],
  ['{"a":1 /* x */}', ['json.a=1']],
  ['// x\n1', []],
  ['NaN', []],
  ['Infinity', []],
  ['TRUE', []],
  ['01', []],
  ['1.', []],
  ['.5', []],
  ['+1', []],
  ['1e', []],
  ['-', []],
  ['0x1', ['json=0']],
  ['"a\nb"', []],
  ['"a\0"', []],
  ['"\\x41"', []],
  ['"\\u004"', []],
  ['"\\', []],
  ['"', []],
  ['\xa01', []],
]

for (const [body, args] of malformed) {
  test(`JSON of ${JSON.stringify(body)} is an error, and what stands before it is kept`, () => {
    const parsed = read(body)
    assert.deepEqual(pairsOf(parsed.args), args)
    assert.match(parsed.error ?? '', /^JSON parsing error: /)
  })
}

test('the last value and level within the bounds are read, the next are errors', () => {
  const list = (count: number): string => `[${Array(count).fill(1).join()}]`
  assert.equal(read(list(testBounds.valuesMax)).error, null)
  assert.match(read(list(testBounds.valuesMax + 1)).error ?? '', /more than 50 values/)
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
  assert.equal(read(nested(testBounds.depthMax)).error, null)
  assert.match(read(nested(testBounds.depthMax + 1)).error ?? '', /more than 8 levels/)
})

test('a megabyte of brackets costs no stack', () => {
  const unbounded = { ...testBounds, depthMax: Number.POSITIVE_INFINITY }
  assert.equal(read('['.repeat(500_000) + ']'.repeat(500_000), unbounded).error, null)
  assert.match(read('{"a":'.repeat(200_000), unbounded).error ?? '', /expected a value/)
})

test('one long key over many elements does not multiply', () => {
  const key = 'k'.repeat(jsonNamesBytesMax / 100)
  const parsed = read(`{"${key}":[${Array(1000).fill(1).join()}]}`, wide)
  assert.match(parsed.error ?? '', /names of more than/)
  assert.ok(parsed.args.reduce((bytes, { name }) => bytes + name.length, 0) <= jsonNamesBytesMax)
})

test('a long string of escapes becomes its bytes', () => {
  assert.equal(read(`"${'\\u00e9'.repeat(100_000)}"`).args[0]?.value, '\xc3\xa9'.repeat(100_000))
})

test('JSON in another encoding than UTF-8 is an error', () => {
  assert.match(json('{"a":"+ADw-"}', 'application/json; charset=utf-7', testBounds).error ?? '', /charset/)
})

/** Every value with its flat name, from a tree: the expectation that the parser must meet without building one. */
function flat(value: unknown, name: string, isMember: boolean): string[] {
  if (value === null) return [`${name}=`]
  if (typeof value !== 'object') return [`${name}=${utf8(String(value))}`]
  const isList = Array.isArray(value)
  const entries = Object.entries(value)
  if (entries.length === 0) return isMember ? [`${name}=`] : []
  return entries.flatMap(([key, child]) =>
    flat(child, isList ? `${name}.array_${key}` : `${name}.${key === '' ? 'empty-key' : utf8(key)}`, !isList),
  )
}

const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

test('any value that is written as JSON is read back', () => {
  const value = fc.jsonValue({ maxDepth: 5, noUnicodeString: false })
  fc.assert(
    fc.property(value, fc.nat({ max: 4 }), (tree, indent) => {
      const parsed = json(utf8(JSON.stringify(tree, null, indent)), '', wide)
      assert.equal(parsed.error, null)
      assert.deepEqual(pairsOf(parsed.args), flat(JSON.parse(JSON.stringify(tree)), 'json', false))
    }),
  )
})

test('what is accepted is exactly what a strict parser accepts', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\u00"',
    '"\\n',
    '1',
    '0',
    '-',
    '.',
    'e',
    'true',
    'null',
    ' ',
    '\0',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }), (chosen) => {
      const text = chosen.join('')
      let strict = true
      try {
        JSON.parse(text)
      } catch {
        strict = false
      }
      assert.equal(read(text, wide).error === null, strict, text)
    }),
    { numRuns: 3000 },
  )
})
