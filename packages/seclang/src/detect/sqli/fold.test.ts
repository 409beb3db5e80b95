import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { sqlFingerprintTokensMax } from '../../bounds.ts'
import { fold, foldScan } from './fold.ts'
import { startScan } from './scanner.ts'
import { formatToken, readings } from './token.ts'

const folded = (value: string): string =>
  fold(value, readings.plainAnsi)
    .map((token) => formatToken(value, token))
    .join(' | ')

const rows: readonly (readonly [string, string, string])[] = [
  ['comments, signs and parentheses in front mean nothing', '/* a */ -( + 1 )', '1 1 | ) )'],
  ['only those: nothing is left', '-( /* a */', ''],
  ['neighbouring strings are one', `'a' "b" x`, "s 'a' | n x"],
  ['sums, comparisons and lists of values are one value', '1 + a = 2, 3 - 4', '1 1'],
  ['a sum of strings is kept', "'a' + 'b'", "s 'a' | o + | s 'b'"],
  ['words that are one phrase merge over a comment', '1 union /**/ all distinct', '1 1 | U union all distinct'],
  ['the last of two conditions is kept', 'a or b and c', 'n a | & or | n c'],
  ['IN compares before a parenthesis and is a word elsewhere', '1 in (2', '1 1 | o in | ( ( | 1 2'],
  ['in English, in is a word', 'in my view', 'n in | n my | k view'],
  ['user() is a call, user alone a name', 'select user()', 'E select | f user | ( ( | ) )'],
  ['user(1) is not a call', '1 user(1)', '1 1 | n user | ( ( | 1 1 | ) )'],
  ['; if begins a statement', '1;if 1=1', '1 1 | ; ; | T if | 1 1'],
  ['a type before a value is dropped', 'select date1, binary 2', 'E select | n date1'],
  ['a cast is dropped', "select '1'::money", "E select | s '1'"],
  ['dotted names are one', 'select `a`.`b` from', 'E select | n a | k from'],
  ['a sign after a comma is dropped', '1,-sin(1)', '1 1 | , , | f sin | ( ( | 1 1'],
  ['an empty name in braces is evil', '{``.``.id}', '{ { | X '],
  ['a comment at the end is kept, others are not', '1 /* a */ x -- b', '1 1 | n x | c -- b'],
  ['long arithmetic in parentheses is one value', '1-(1-1)-2 --', '1 1 | c --'],
]

for (const [name, value, expected] of rows) {
  test(name, () => {
    assert.equal(folded(value), expected)
  })
}

test('at most five tokens are left, and reading stops soon after them', () => {
  const scanner = startScan('a b c d e f '.repeat(1000), readings.plainAnsi)
  assert.equal(foldScan(scanner).length, sqlFingerprintTokensMax)
  assert.ok(scanner.tokens <= sqlFingerprintTokensMax + 1, `${scanner.tokens} tokens were read`)
})

test('any value folds to at most five tokens and never throws', () => {
  const pieces = fc.constantFrom(
    ...'1 , - ( ) { } ; : . \\ + = || \'a\' "b" x select union all in like collate a_b date if not user `` @v -- # /*'.split(
      ' ',
    ),
    ' ',
    '/*!',
  )
  const values = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(' '))
  fc.assert(
    fc.property(values, fc.constantFrom(...Object.values(readings)), (value, reading) => {
      assert.ok(fold(value, reading).length <= sqlFingerprintTokensMax)
    }),
  )
})
