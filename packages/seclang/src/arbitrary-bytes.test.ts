/** Whatever a client sends: no exception, and a verdict every time. The same for longer, and with CRS: `npm run fuzz`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arbitraryRequest, everythingFiles, everythingRules } from './cases/arbitrary.fixture.ts'
import { compileText, judge } from './cases/cases.fixture.ts'
import { operators } from './operators/index.ts'
import { transformations } from './transformations/index.ts'
import { variableNames } from './variables/index.ts'

const rules = everythingRules()
const geo = (address: string) => (address === '::1' ? { COUNTRY_CODE: 'CH' } : null)
const compiled = compileText(rules, { files: everythingFiles, geo })

test('the rule set names every variable, operator and transformation', () => {
  const words = new Set(rules.split(/[^\w@]+/))
  const wanted = [
    ...variableNames,
    ...Object.values(operators).map(({ name }) => `@${name}`),
    ...Object.values(transformations).map(({ name }) => name),
  ]
  assert.deepEqual(
    wanted.filter((word) => !words.has(word)),
    [],
  )
})

test('any bytes as every part of a request and its response get a verdict, and no exception', () => {
  fc.assert(
    fc.property(arbitraryRequest, (request) => {
      const { transaction, exchange } = judge(compiled, request)
      const verdict = exchange.refusal?.status ?? transaction.interruption?.status ?? 200
      assert.ok([200, 400, 413].includes(verdict), String(verdict))
      assert.ok(transaction.matchedRules.size > 0)
      for (const { variable, value, message, data } of transaction.matches) {
        for (const text of [variable, value, message, data]) assert.doesNotMatch(text, /[^\x00-\xff]/)
      }
    }),
    { numRuns: 250 },
  )
  assert.equal(Object.getPrototypeOf({}), Object.prototype)
  assert.deepEqual(Object.keys(Object.prototype), [])
})
