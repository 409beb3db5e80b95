/** Properties that every operator of the table has. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { asciiLower } from './ascii.ts'
import { contextWith } from './context.fixture.ts'
import { findOperator, type OperatorName, operators, refusedOperators } from './index.ts'
import { OperatorError } from './operator.ts'

// Few bytes, so that values meet arguments: letters in both cases, and what a fold or a trim with Unicode would confuse.
const byte = fc.constantFrom('a', 'A', 'b', 'B', '1', '9', ' ', '%', '.', '-', '\xe9', '\xc9', '\xa0', '\0', '\n', '|')
const text = fc.string({ unit: byte, maxLength: 6 })
const words = fc
  .array(fc.string({ unit: byte, maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .map((all) => all.join(' '))
const number = fc.oneof(fc.integer({ min: -20, max: 20 }).map(String), text)
const address = fc.constantFrom('1.2.3.4', '1.2.3.0/24', '::1', '::/0', '::ffff:1.2.3.4')
const expression = fc.oneof(
  text,
  fc.constantFrom(
    'a+b',
    '(A|b)(1)?',
    '(?i:ab)',
    '^$',
    '[^a]9',
    '\\xe9',
    '(',
    'a{2',
    'b++',
    'a(?:b1|9)+\\.',
    '(?=a)B',
    'ab?a',
    '(?:a|b){2}9',
  ),
)
const numbers = fc.constantFrom('[0-9]+', '(\\d[ .-]?)+', '\\d*', '(')
const nothing = fc.constant('')

/** Arguments for each operator; one without a row does not compile. */
const argumentsOf: Record<OperatorName, fc.Arbitrary<string>> = {
  beginsWith: text,
  contains: text,
  containsWord: text,
  detectSQLi: nothing,
  detectXSS: nothing,
  endsWith: text,
  eq: number,
  ge: number,
  geoLookup: nothing,
  gt: number,
  ipMatch: fc.oneof(address, text),
  ipMatchF: fc.constant('nets'),
  ipMatchFromFile: fc.constant('nets'),
  le: number,
  lt: number,
  noMatch: nothing,
  pm: words,
  pmFromFile: fc.constantFrom('phrases', 'phrases nets'),
  pmf: fc.constantFrom('phrases', 'phrases nets'),
  rx: expression,
  rxGlobal: expression,
  streq: text,
  strmatch: text,
  unconditionalMatch: nothing,
  validateByteRange: fc.constantFrom('1-255', '97,98', '0', '32-126,128-255'),
  validateUrlEncoding: nothing,
  validateUtf8Encoding: nothing,
  verifyCC: numbers,
  verifyCPF: numbers,
  verifySSN: numbers,
  verifySVNR: numbers,
  within: text,
}

const files = { phrases: 'aB\n b1 \n\xc9\n', nets: '1.2.3.4\n::/0' }
const geo = () => ({ COUNTRY_CODE: 'CH' })

/** Values that hold the argument, a part of it, or none of it, in some case or other. */
function valueNear(argument: string): fc.Arbitrary<string> {
  const part = fc.tuple(fc.nat(argument.length), fc.nat(argument.length)).map(([from, to]) => argument.slice(from, to))
  const piece = fc.oneof(
    fc.constant(argument),
    part,
    text,
    address,
    fc.constantFrom(
      'bb',
      'aabb',
      '11',
      '4111 1111 1111 1111',
      '529.982.247-25',
      '078-05-1120',
      '1237 010180',
      '<script>',
      "1' or 1=1--",
    ),
  )
  return fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join(''))
}

const bytes = fc.string({ unit: fc.nat(0xff).map((code) => String.fromCharCode(code)), maxLength: 40 })

for (const [name, argumentOf] of Object.entries(argumentsOf) as [OperatorName, fc.Arbitrary<string>][]) {
  const operator = operators[name]
  const asked = argumentOf.chain((argument) =>
    fc.record({
      argument: fc.constant(argument),
      value: fc.oneof({ weight: 3, arbitrary: valueNear(argument) }, bytes),
    }),
  )

  test(`@${name}: every match holds one of the literals, and only a match captures`, () => {
    let matches = 0
    const property = fc.property(asked, ({ argument, value }) => {
      const context = contextWith(files, geo)
      let matched: boolean
      const captures = ['before']
      try {
        matched = operator.compile(argument, context)(value, captures)
      } catch (error) {
        assert.ok(error instanceof OperatorError, `${error}`)
        return
      }
      if (!matched) {
        assert.deepEqual(captures, ['before'])
        return
      }
      matches++
      assert.ok(captures[0] !== 'before')
      for (const capture of captures) assert.equal(typeof capture, 'string')
      const literals = operator.literals?.(argument, context) ?? null
      if (literals === null) return
      const lower = asciiLower(value)
      assert.ok(
        literals.some((literal) => lower.includes(literal)),
        `none of ${JSON.stringify(literals)} is there`,
      )
      for (const literal of literals) assert.ok(literal !== '' && literal === asciiLower(literal))
    })
    // A number with check digits is rarely right: until one is.
    for (let round = 0; round === 0 || (matches === 0 && name !== 'noMatch' && round < 20); round++) {
      fc.assert(property, { numRuns: 600 })
    }
    if (name !== 'noMatch') assert.ok(matches > 0, 'some value matched, or this proves nothing')
  })
}

test('the names of the table are those of the operators, found without regard to case', () => {
  for (const [name, operator] of Object.entries(operators)) {
    assert.equal(operator.name, name)
    assert.equal(findOperator(name.toUpperCase()), operator)
  }
  for (const name of ['', 'no', '__proto__', 'constructor']) assert.equal(findOperator(name), undefined)
})

test('every file that defines an operator is in the table', () => {
  const folder = new URL('.', import.meta.url)
  const table = readFileSync(new URL('index.ts', folder), 'utf8')
  for (const file of readdirSync(folder)) {
    if (!/^[a-z0-9-]+\.ts$/.test(file)) continue
    for (const [, name = ''] of readFileSync(new URL(file, folder), 'utf8').matchAll(
      /^export const (\w+): Operator\b/gm,
    )) {
      assert.ok(table.includes(`\n  ${name},\n`), `${name} of ${file}`)
    }
  }
})

test('a refused operator has a reason and no row', () => {
  for (const { name, reason } of refusedOperators) {
    assert.equal(findOperator(name), undefined)
    assert.ok(reason.length > 0)
  }
})
