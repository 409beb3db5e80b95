import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OperatorError } from '../operator.ts'
import { parsePhrases } from './argument.ts'

const cases: readonly { readonly argument: string; readonly phrases: readonly string[] }[] = [
  { argument: '', phrases: [] },
  { argument: ' \t ', phrases: [] },
  { argument: 'gzip compress  br', phrases: ['gzip', 'compress', 'br'] },
  { argument: '\tGet\nPost\r\n', phrases: ['Get', 'Post'] },
  { argument: '|41 42|', phrases: ['AB'] },
  { argument: 'a|00|b |3c3F|php', phrases: ['a\0b', '<?php'] },
  { argument: 'to|20|be', phrases: ['to be'] },
  { argument: '|20|', phrases: [' '] },
  { argument: '|7C||7c|', phrases: ['||'] },
  { argument: '"quoted list"', phrases: ['quoted', 'list'] },
  { argument: '"', phrases: ['"'] },
  { argument: '\\"a\\: b\\; c\\\\', phrases: ['"a:', 'b;', 'c\\'] },
  // Not an escape that the operator knows: all of it stands as it is.
  { argument: '..\\etc |41|', phrases: ['..\\etc', '|41|'] },
  { argument: 'caf\xe9\xa0 x', phrases: ['caf\xe9\xa0', 'x'] },
]

for (const { argument, phrases } of cases) {
  test(`@pm ${JSON.stringify(argument)} holds ${JSON.stringify(phrases)}`, () => {
    assert.deepEqual(parsePhrases(argument), phrases)
  })
}

for (const argument of ['|4|', '|zz|', '||', 'a | b', '|41', '|4 1 4|']) {
  test(`@pm ${JSON.stringify(argument)} is refused, with how to write a bar`, () => {
    assert.throws(() => parsePhrases(argument), { name: 'OperatorError', message: /\|7C\|/ })
  })
}

test('whatever the bytes of an argument, it gives phrases that are not empty or an OperatorError', () => {
  const bytes = fc.string({ unit: fc.constantFrom('a', ' ', '|', '\\', '"', '4', '1', ':', '\n', '\xa0', '\xff') })
  fc.assert(
    fc.property(bytes, (argument) => {
      try {
        assert.ok(parsePhrases(argument).every((phrase) => phrase !== ''))
      } catch (error) {
        assert.ok(error instanceof OperatorError, String(error))
      }
    }),
    { numRuns: 2_000 },
  )
})
