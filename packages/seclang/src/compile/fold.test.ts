/** Folding changes nothing: generated rules and requests, folded and as written. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CaseRequest, compileText, judge } from '../cases/cases.fixture.ts'

const names = ['a', 'b', 'c', 'n_a', 'N_B', '0', '1']
const name = fc.constantFrom(...names)
const made = fc.constantFrom('n_%{tx.a}', '%{tx.b}', 'n_%{MATCHED_VAR}', 'n_%{tx.0}', 'N_%{ARGS.x}')
const number = fc.constantFrom('0', '1', '2', 'A', 'b')
const text = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 2, arbitrary: fc.oneof(name, fc.constant('n_x')).map((one) => `%{tx.${one}}`) },
  { weight: 1, arbitrary: fc.constantFrom('%{MATCHED_VAR}', '%{ARGS.x}', '%{tx.a}%{tx.b}', '%{MATCHED_VAR_NAME}') },
)
const assignment = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: name }, { weight: 1, arbitrary: made }),
    fc.constantFrom('=', '=+', '=-', '!'),
    text,
  )
  .map(([variable, change, value]) =>
    change === '!' ? `setvar:!tx.${variable}` : `setvar:tx.${variable}${change}${value}`,
  )
const targets = fc.oneof(
  { weight: 5, arbitrary: name.map((one) => `TX:${one}`) },
  { weight: 2, arbitrary: name.map((one) => `&TX:${one}`) },
  { weight: 2, arbitrary: fc.tuple(name, name).map(([one, other]) => `TX:${one}|TX:${other}`) },
  { weight: 3, arbitrary: fc.constantFrom('ARGS', 'ARGS:x', 'ARGS_NAMES', '&ARGS') },
  { weight: 1, arbitrary: fc.constantFrom('TX:/^n_/', 'TX', 'MATCHED_VAR', 'MATCHED_VARS', '&TX', 'TX|!TX:a') },
)
const operator = fc
  .tuple(fc.constantFrom('', '!'), fc.constantFrom('@eq', '@streq', '@lt', '@rx', '@unconditionalMatch'), text)
  .map(([not, operatorName, argument]) => `${not}${operatorName} ${argument}`)
const matching = fc.constantFrom('', ',capture', ',multiMatch,t:lowercase', ',t:lowercase')
const id = fc.integer({ min: 1, max: 12 })
const control = fc.oneof(
  id.map((one) => `ctl:ruleRemoveById=${one}`),
  fc.tuple(id, id).map(([one, other]) => `ctl:ruleRemoveById=${Math.min(one, other)}-${Math.max(one, other)}`),
  fc.tuple(id, name).map(([one, other]) => `ctl:ruleRemoveTargetById=${one};TX:${other}`),
  fc.constantFrom('ctl:ruleEngine=DetectionOnly', 'ctl:ruleEngine=Off'),
)
const effects = fc
  .array(fc.oneof({ weight: 6, arbitrary: assignment }, { weight: 1, arbitrary: control }), { maxLength: 3 })
  .map((list) => list.map((effect) => `,${effect}`).join(''))
const flow = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom(',skip:1', ',skip:2', ',skip:3') },
  { weight: 2, arbitrary: fc.constantFrom(',skipAfter:M1', ',skipAfter:M2', ',skipAfter:END') },
)
const log = fc.constantFrom(',nolog', ',nolog', ',nolog', ",log,msg:'%{tx.a} %{MATCHED_VAR}',severity:2")
const disruption = fc.constantFrom('pass', 'pass', 'pass', 'pass', 'deny', 'allow:phase', 'allow', 'allow:request')
const phase = fc.constantFrom(1, 1, 2, 3, 5)
const head = fc.tuple(phase, disruption, log, flow, effects, matching)

type Line = (id: number) => string

const link = fc
  .tuple(targets, operator, effects, matching)
  .map(([target, test, effect, how]) => `SecRule ${target} "${test}" "t:none${how}${effect}"`)
const secRule: fc.Arbitrary<Line> = fc.tuple(targets, operator, head).map(
  ([target, test, [at, what, says, goes, effect, how]]) =>
    (number) =>
      `SecRule ${target} "${test}" "id:${number},phase:${at},${what}${says}${goes}${how}${effect}"`,
)
const secAction: fc.Arbitrary<Line> = head.map(
  ([at, what, says, goes, effect]) =>
    (number) =>
      `SecAction "id:${number},phase:${at},${what}${says}${goes}${effect}"`,
)
const chained: fc.Arbitrary<Line> = fc
  .tuple(fc.oneof(secRule, secAction), fc.array(link, { minLength: 1, maxLength: 2 }))
  .map(([first, links]) => (number) => {
    const all = [first(number), ...links]
    return all.map((line, index) => (index < all.length - 1 ? line.replace(/"$/, ',chain"') : line)).join('\n')
  })
const marker: fc.Arbitrary<Line> = fc.constantFrom('M1', 'M2').map((label) => () => `SecMarker ${label}`)
const rules = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: secRule },
      { weight: 4, arbitrary: secAction },
      { weight: 1, arbitrary: chained },
      { weight: 2, arbitrary: marker },
    ),
    { minLength: 2, maxLength: 12 },
  )
  .map((lines) => `${lines.map((line, index) => line(index + 1)).join('\n')}\nSecMarker END`)
const request: fc.Arbitrary<CaseRequest> = fc
  .array(fc.tuple(fc.constantFrom('x', 'y', 'x'), number), { maxLength: 3 })
  .map((args) => ({ target: `/?${args.map((pair) => pair.join('=')).join('&')}`, response: {} }))

// More of them: FOLD_RUNS=20000.
const { FOLD_RUNS: runs = '600' } = process.env

const readNames = [...names, 'n_1', 'n_2', 'n_a', 'n_b', 'n_', '2', 'A', 'b', 'n_x']

function outcome(text: string, asked: CaseRequest, mode: 'block' | 'detect', fold: boolean): unknown {
  const { transaction } = judge(compileText(text, { mode, engineSettings: 'conformance' }, { fold }), asked)
  const { matches, matchedRules, interruption, detected, highestSeverity } = transaction
  const tx = readNames.map((one) => [one, String(transaction.readTx(one))])
  return { matches, rules: [...matchedRules], interruption, detected, highestSeverity, tx }
}

test('rules that were folded do what the written ones do', () => {
  fc.assert(
    fc.property(
      rules,
      fc.array(request, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('block', 'detect'),
      (text, asked, mode) => {
        for (const one of asked) assert.deepEqual(outcome(text, one, mode, true), outcome(text, one, mode, false), text)
      },
    ),
    { numRuns: Number(runs) },
  )
})
