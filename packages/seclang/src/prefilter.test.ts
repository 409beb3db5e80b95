/** No means no: a test that the prefilter rules out would not have matched. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileText, judge } from './cases/cases.fixture.ts'
import { couldMatch, planPrefilter } from './prefilter.ts'
import { makeValue } from './value.ts'

const letter = fc.constantFrom('a', 'B', 'b', 'c', '%', '\xe9', '\xc9', '\0', '\n')
const literal = fc
  .string({ unit: letter, maxLength: 4 })
  .map((text) => text.replaceAll(/[A-Z]/g, (upper) => upper.toLowerCase()))
const literals = fc.option(fc.array(literal, { maxLength: 4 }))
const lower = (text: string): string => text.replaceAll(/[A-Z]/g, (upper) => upper.toLowerCase())

test('each test whose literals are in a text is a candidate for it, and none without a literal is ruled out', () => {
  const texts = fc.array(fc.string({ unit: letter, maxLength: 12 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.array(literals, { maxLength: 40 }), texts, (rules, values) => {
      const plan = planPrefilter()
      const numbers = rules.map((rule) => plan.add(rule))
      const prefilter = plan.build()
      for (const text of values) {
        const value = makeValue(text)
        for (const [index, rule] of rules.entries()) {
          const number = numbers[index] as number
          if (number === -1) continue
          assert.ok(prefilter !== null && rule !== null)
          const holds = rule.some((one) => lower(text).includes(one))
          assert.equal(
            couldMatch(prefilter, value, text, number),
            holds,
            `${JSON.stringify(rule)} in ${JSON.stringify(text)}`,
          )
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('nothing known, no literals, an empty literal and a single byte take no part', () => {
  const plan = planPrefilter()
  assert.deepEqual([plan.add(null), plan.add([]), plan.add(['']), plan.add(['ab', 'c'])], [-1, -1, -1, -1])
  assert.equal(plan.build(), null)
  assert.deepEqual([plan.add(['ab', 'ab']), plan.add(['ab'])], [0, 1])
})

test('one text is scanned once for all tests of a rule set, and once for each rule set', () => {
  const [one, other] = [planPrefilter(), planPrefilter()]
  for (let test = 0; test < 70; test++) one.add([`word${100 + test}`, 'both'])
  other.add(['both'])
  const [first, second] = [one.build(), other.build()]
  assert.ok(first !== null && second !== null)
  const value = makeValue('x word150 y')
  for (let test = 0; test < 70; test++) assert.equal(couldMatch(first, value, value.text, test), test === 50)
  assert.equal(couldMatch(second, value, value.text, 0), false)
  assert.equal(couldMatch(first, value, `${value.text} both`, 3), true)
  assert.equal(value.scans.length, 3)
})

test('a value has at most one scan for each chain of transformations, however many rules there are', () => {
  const chains = ['t:none', 't:lowercase', 't:urlDecode', 't:lowercase,t:urlDecode']
  const rules = Array.from({ length: 200 }, (_, index) => {
    return `SecRule ARGS "@contains word${index}" "id:${index + 1},phase:1,pass,${chains[index % chains.length]}"`
  })
  const { exchange } = judge(compileText(rules.join('\n')), { target: '/?x=AB%2541%2543' })
  const [argument] = exchange.queryArguments
  assert.ok(argument !== undefined)
  assert.equal(argument.value.scans.length, 4)
})

test('rules that match the same with and without the prefilter, on values cut from their own arguments', () => {
  const operator = fc.constantFrom(
    '@contains',
    '@pm',
    '@rx',
    '@streq',
    '@beginsWith',
    '@endsWith',
    '@within',
    '@strmatch',
  )
  const plain = ['select', 'UNION', 'a', '<x', 'x+']
  const argumentOf = (name: string) =>
    fc.array(fc.constantFrom(...plain, ...(name === '@rx' ? ['ab|cd', '[ab]c', '.'] : [])), {
      minLength: 1,
      maxLength: 3,
    })
  const how = fc.constantFrom('t:none', 't:lowercase', 't:urlDecode,multiMatch')
  const rule = operator.chain((name) => fc.tuple(fc.constant(name), argumentOf(name), how))
  const value = fc.array(fc.constantFrom('sel', 'ect', 'SELECT', 'union', ' ', 'a', 'ac', '<X', 'xx', 'cd', '%2561'), {
    maxLength: 6,
  })
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 8 }), fc.array(value, { maxLength: 3 }), (rules, values) => {
      const text = rules
        .map(
          ([name, words, how], index) =>
            `SecRule ARGS "${name} ${words.join(name === '@rx' ? '' : ' ')}" "id:${index + 1},phase:1,pass,${how}"`,
        )
        .join('\n')
      const target = `/?${values.map((parts) => `x=${parts.join('')}`).join('&')}`
      const [on, off] = [true, false].map((prefilter) => {
        const { transaction } = judge(compileText(text, { prefilter }), { target })
        return transaction.matches
      })
      assert.deepEqual(on, off, text)
    }),
    { numRuns: 150 },
  )
})
