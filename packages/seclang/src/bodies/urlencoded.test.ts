import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pairsOf, testBounds } from './bodies.fixture.ts'
import { parsePairs, readPairs, urlencoded } from './urlencoded.ts'

const formType = 'application/x-www-form-urlencoded'

const rows: readonly { readonly text: string; readonly reads: readonly string[]; readonly invalid?: true }[] = [
  { text: '', reads: [] },
  { text: 'a=1&b=2', reads: ['a=1', 'b=2'] },
  { text: 'a=1&a=2', reads: ['a=1', 'a=2'] },
  { text: 'a', reads: ['a='] },
  { text: 'a=', reads: ['a='] },
  { text: '=v', reads: ['=v'] },
  { text: '=', reads: ['='] },
  { text: '&&a=1&', reads: ['a=1'] },
  { text: 'a=b=c', reads: ['a=b=c'] },
  { text: 'a+b=c+d%2B', reads: ['a b=c d+'] },
  { text: '%61%3D=%26', reads: ['a==&'] },
  { text: 'a=%00x%ff', reads: ['a=\0x\xff'] },
  { text: 'a=%zz%4%', reads: ['a=%zz%4%'], invalid: true },
  { text: '%u0041=%%41', reads: ['%u0041=%A'], invalid: true },
  { text: 'a;b=1', reads: ['a;b=1'] },
  { text: '__proto__=1&constructor=2', reads: ['__proto__=1', 'constructor=2'] },
]

for (const { text, reads, invalid } of rows) {
  test(`a form of ${JSON.stringify(text)} has these pairs`, () => {
    const pairs = readPairs(text, '&', testBounds.valuesMax)
    assert.deepEqual(pairsOf(pairs.args), reads)
    assert.equal(pairs.invalidEscape, invalid === true)
    assert.deepEqual(urlencoded(text, formType, testBounds).args, pairs.args)
  })
}

test('another separator parts the pairs of a query string', () => {
  assert.deepEqual(pairsOf(parsePairs('a=1&x;b=2', Number.POSITIVE_INFINITY, ';')), ['a=1&x', 'b=2'])
  assert.deepEqual(pairsOf(parsePairs('a=1&b=2', 1)), ['a=1'])
})

test('the last value within the bound is read, the next is an error', () => {
  const form = (count: number): string => 'a=1&'.repeat(count)
  assert.equal(urlencoded(form(testBounds.valuesMax), formType, testBounds).error, null)
  const over = urlencoded(form(testBounds.valuesMax + 1), formType, testBounds)
  assert.equal(over.args.length, testBounds.valuesMax)
  assert.match(over.error ?? '', /more than 50 arguments/)
})

test('a charset that hides text is an error', () => {
  assert.match(urlencoded('a=+ADw-', `${formType}; charset=utf-7`, testBounds).error ?? '', /charset/)
  assert.equal(urlencoded('a=1', `${formType}; charset=UTF-8`, testBounds).error, null)
})

const bytes = fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) })

test('pairs that are written with every byte escaped are read back', () => {
  const escaped = (text: string): string => Buffer.from(text, 'latin1').toString('hex').replace(/../g, '%$&')
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes)), (pairs) => {
      const form = pairs.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')
      assert.deepEqual(
        parsePairs(form).map(({ name, value }) => [name, value]),
        pairs,
      )
    }),
  )
})
