import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { functionNames } from './function-names.ts'
import { keywords } from './keywords.ts'
import { phrases } from './phrases.ts'
import { isPlain } from './plain.ts'
import { verdict } from './verdict.ts'

test('words, numbers, dates, addresses and identifiers are plain', () => {
  const values = [
    '',
    'hello',
    '12345',
    '-1.5',
    '2024-01-02T03:04:05Z',
    'a.b@c.example',
    '550e8400-e29b-41d4-a716-446655440000',
  ]
  for (const value of values) assert.ok(isPlain(value), value)
})

test('quotes, comments and words that join conditions are not', () => {
  const values = [
    "it's",
    '"a"',
    '1--',
    '1/*',
    'a&&b',
    'a or b',
    'a(b',
    'a;b',
    '1fUNION',
    '0xaOR 1',
    '1.eOR 1=1',
    '1e+dUNION',
    '1or',
    '5 where 6 = 7',
  ]
  for (const value of values) assert.ok(!isPlain(value), value)
})

test('a plain value is one that the full detector lets pass', () => {
  const words = [...functionNames, ...[...keywords, ...phrases].flatMap(([, entries]) => entries)].map((word) =>
    word.toLowerCase(),
  )
  const glue = fc.constantFrom(' ', '', ' ', '.', ',', '-', '=', '/', ':', '@', '+', '&', '%', '\n', '\xa0', '\0')
  const word = fc.constantFrom(...words)
  const piece = fc.oneof(
    word,
    fc.constantFrom(
      '1',
      '1.',
      '0x',
      '0xa',
      '0b1',
      '1e',
      '1e+',
      'd',
      'f',
      'x',
      'n',
      'e',
      'or',
      'and',
      'union',
      'select',
      'where',
      '1',
      'rlike',
      '=1',
      '_',
      '\xe9',
    ),
  )
  const values = fc.array(fc.tuple(piece, glue), { minLength: 1, maxLength: 8 }).map((parts) => parts.flat().join(''))
  let plain = 0
  fc.assert(
    fc.property(values, (value) => {
      if (!isPlain(value)) return
      plain += 1
      assert.equal(verdict(value), null, JSON.stringify(value))
    }),
    { numRuns: 20_000 },
  )
  assert.ok(plain > 1_000, `only ${plain} values were plain`)
})
