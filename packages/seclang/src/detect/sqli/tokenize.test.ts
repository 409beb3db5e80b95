import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { sqlTokenBytesMax } from '../../bounds.ts'
import { startScan } from './scanner.ts'
import { blankToken, formatToken, type Reading, readings } from './token.ts'
import { nextToken, tokenize } from './tokenize.ts'

const read = (value: string, reading: Reading = readings.plainAnsi): string[] =>
  tokenize(value, reading).map((token) => formatToken(value, token))

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['a doubled quote stays in the string', "'it''s' x", ["s 'it''s'", 'n x']],
  [
    'a backslash escapes a quote, two do not',
    String.raw`'a\'b' 'c\\' d`,
    [String.raw`s 'a\'b'`, String.raw`s 'c\\'`, 'n d'],
  ],
  ['an unclosed string takes the rest', 'x "abc', ['n x', 's "abc']],
  ['a back-tick name that is a function is a call', '`sleep`(1)', ['f sleep', '( (', '1 1', ') )']],
  ['Oracle quotes pair brackets', "q'[it's]' x", ["s qit'sq", 'n x']],
  ['dollar quotes end at their own tag', '$t$ a $u$ b $t$ x', ['s $ a $u$ b $', 'n x']],
  ['money is a number', '$1,000.00', ['1 $1,000.00']],
  ['hexadecimal, binary and exponent numbers', '0x1F 0b01 1e-3 .5', ['1 0x1F', '1 0b01', '1 1e-3', '1 .5']],
  ['an exponent without digits is a name', '1.e.x', ['n 1.e', '. .', 'n x']],
  ["Oracle's number suffix needs the number to end", '1f 1from', ['1 1f', '1 1', 'k from']],
  ['a keyword before a dot or back-tick is cut off', 'select.1 and`x`', ['E select', '1 .1', '& and', 'n x']],
  ['variables keep their sigils and quotes', "@@version @'a'", ['v @@version', "v @'a'"]],
  ['two-byte operators', '1 || 2 <=> 3 := 4', ['1 1', '& ||', '1 2', 'o <=>', '1 3', 'o :=', '1 4']],
  ['nested and executable comments are evil', '/* a /* b */ /*! c */', ['X /* a /* b */', 'X /*! c */']],
  ['0xA0 is white space', '1\xa0union\xa0select', ['1 1', 'U union', 'E select']],
  ['\\N is NULL, another backslash is odd', '\\N \\x', ['1 \\N', '\\ \\', 'n x']],
  ['brackets quote a name', '[a b] [c', ['n [a b]', 'n [c']],
]

for (const [name, value, expected] of rows) {
  test(name, () => {
    assert.deepEqual(read(value), expected)
  })
}

test('a dash comment without white space is arithmetic in MySQL, a hash an operator in ANSI', () => {
  assert.deepEqual(read('1--1'), ['1 1', 'c --1'])
  assert.deepEqual(read('1--1', readings.plainMysql), ['1 1', 'o -', 'o -', '1 1'])
  assert.deepEqual(read('1#a'), ['1 1', 'o #', 'n a'])
  assert.deepEqual(read('1#a', readings.plainMysql), ['1 1', 'c #a'])
})

test('inside a quote, the value begins with the tail of a string', () => {
  assert.deepEqual(read("a' or 'b", readings.singleAnsi), ["s a'", '& or', "s 'b"])
  assert.deepEqual(read('a" or "b', readings.doubleMysql), ['s a"', '& or', 's "b'])
})

test('a token is cut at the maximum, and a longer word is never a keyword', () => {
  assert.deepEqual(read('a'.repeat(sqlTokenBytesMax + 1)), [`n ${'a'.repeat(sqlTokenBytesMax)}`])
})

const hostile = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        '$',
        '$a$',
        '/*',
        '*/',
        '--',
        '#',
        "q'",
        "u&'",
        '@',
        '0x',
        '1e',
        '.',
        '[',
        ' ',
        'or',
      ),
    )
    .map((parts) => parts.join('')),
)

test('every reading of any value ends, moving on with each token', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...Object.values(readings)), (value, reading) => {
      const scanner = startScan(value, reading)
      const token = blankToken()
      let last = -1
      while (nextToken(scanner, token)) {
        assert.ok(scanner.pos > last, 'no token may be read without moving on')
        assert.ok(scanner.pos <= value.length && token.start + token.length <= value.length)
        last = scanner.pos
      }
    }),
  )
})
