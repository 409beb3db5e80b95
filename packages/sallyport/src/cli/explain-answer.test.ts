import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '@sallyport/seclang'
import type { NamedRuleSet } from '../waf/judge.ts'
import { explain, explanationText } from './explain-answer.ts'
import type { LoggedDecision } from './explain-find.ts'

function named(name: string, text: string): NamedRuleSet {
  return { name, ruleSet: compile([{ file: `${name}.conf`, text }], { readFile: () => new Uint8Array() }).ruleSet }
}

const own = named(
  'own',
  `SecRule ARGS "@rx a" "id:1,phase:1,log,deny,msg:'First'"
SecRule ARGS "@rx a" "id:2,phase:2,log,deny"
SecRule RESPONSE_STATUS "@eq 500" "id:3,phase:3,log,deny"
SecRule RESPONSE_BODY "@rx a" "id:4,phase:4,log,deny,msg:'Leak'"
SecAction "id:5,phase:5,log,pass,msg:'Counted'"`,
)
const other = named('other', `# another rule 1\nSecRule ARGS "@rx b" "id:1,phase:2,log,deny,msg:'Another'"`)

const decision: LoggedDecision = {
  time: '2026-11-24T12:00:00.000Z',
  id: 'd1',
  kind: 'request',
  listener: 'public',
  client: { ip: '192.0.2.1' },
  request: { method: 'GET', host: 'a.example', path: '/api/x', bytes: 0, inspected: 0 },
  verdict: 'block',
  status: 403,
  reason: 'waf',
  rules: [1],
  detected: null,
}

const stages: readonly { of: Partial<LoggedDecision>; is: string | null }[] = [
  { of: { rules: [1] }, is: 'WAF ph.1' },
  { of: { rules: [1, 2] }, is: 'WAF ph.2' },
  { of: { rules: [2, 5] }, is: 'WAF ph.2' },
  { of: { rules: [99] }, is: 'WAF' },
  { of: { rules: [1, 99] }, is: 'WAF' },
  { of: { reason: null, rules: [] }, is: 'upstream' },
  { of: { rules: [2, 3] }, is: 'WAF ph.3' },
  { of: { rules: [1, 4, 5] }, is: 'WAF ph.4' },
  { of: { reason: 'upstream', rules: [] }, is: 'upstream' },
  { of: { reason: 'upstream', status: 504, upstream: { status: null }, rules: [] }, is: 'upstream' },
  { of: { reason: 'upstream', status: 502, upstream: { status: 200 }, rules: [] }, is: 'answer or respond' },
  { of: { reason: 'upstream', status: 200, upstream: { status: 200 }, rules: [] }, is: 'respond' },
  { of: { reason: 'route', rules: [] }, is: 'route' },
  { of: { reason: 'internal', rules: [] }, is: null },
  { of: { reason: 'of a later version', rules: [] }, is: null },
  { of: { reason: 'protocol', status: 413, rules: [] }, is: 'body' },
  { of: { reason: 'protocol', status: 400, rules: [] }, is: 'HTTP, body or the bounds of the rule engine' },
  { of: { reason: 'protocol', status: 400, request: null, rules: [] }, is: 'TLS or framing' },
]
for (const { of, is } of stages) {
  test(`a decision of ${JSON.stringify(of)} was made by ${is ?? 'no stage that the log tells'}`, () => {
    assert.equal(explain({ ...decision, ...of }, [own]).stage, is)
  })
}

test('a rule is given with file, line and message, in each rule set that has it, and an unknown one alone', () => {
  const { rules, detected } = explain({ ...decision, rules: [1, 7], detected: { rules: [2] } }, [own, other])
  assert.equal(explain({ ...decision, rules: [1] }, [own, other]).stage, 'WAF', 'of phase 1 here and phase 2 there')
  const unknown = { ruleSet: null, file: null, line: null, phase: null, message: null }
  assert.deepEqual(rules, [
    { id: 1, ruleSet: 'own', file: 'own.conf', line: 1, phase: 1, message: 'First' },
    { id: 1, ruleSet: 'other', file: 'other.conf', line: 2, phase: 2, message: 'Another' },
    { id: 7, ...unknown },
  ])
  assert.deepEqual(detected, [{ id: 2, ruleSet: 'own', file: 'own.conf', line: 2, phase: 2, message: '' }])
})

test('the text says who asked what, who decided, and by which rules', () => {
  const request = { method: 'POST', host: null, path: '/api/x', bytes: 20, inspected: 20 }
  const text = explanationText(explain({ ...decision, request, rules: [1, 7, 2] }, [own]))
  assert.equal(
    text,
    `decision  d1, 2026-11-24T12:00:00.000Z
request   POST (no host)/api/x
body      20 bytes, 20 of them inspected
client    192.0.2.1, by listener public
verdict   block 403, reason waf
stage     WAF ph.2
rules
  1  First
    own.conf:1, phase 1, own
  7  in none of these rule sets: give --config the file that the edge ran with
  2  (no message)
    own.conf:2, phase 2, own
`,
  )
})

test('the text says how much of an answer the rules read, and which of them refused it', () => {
  const response = { bytes: 900_000, inspected: 524_288 }
  const text = explanationText(explain({ ...decision, status: 502, rules: [4], response }, [own]))
  assert.match(text, /^answer {4}900000 bytes, 524288 of them inspected$/m)
  assert.match(text, /^stage {5}WAF ph\.4\nrules\n {2}4 {2}Leak\n {4}own\.conf:4, phase 4, own$/m)
})

test('a path cannot steer the terminal of whoever reads it', () => {
  const request = { method: 'GET', host: 'a\n', path: '/\x1b[2J\u202e\x9b', bytes: 0, inspected: 0 }
  const text = explanationText(explain({ ...decision, request }, []))
  assert.match(text, /^request {3}GET a\\u000a\/\\u001b\[2J\\u202e\\u009b$/m)
})
