import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, enableLinearFallback } from '@sallyport/seclang'
import { beginJudgement, type Findings, type NamedRuleSet } from './judge.ts'

enableLinearFallback()

function ruleSet(text: string, mode: 'detect' | 'block' = 'block'): NamedRuleSet {
  const readFile = (): never => assert.fail('no file is named')
  const { ruleSet } = compile([{ file: 'test.conf', text }], { readFile, mode })
  return { name: 'test', ruleSet }
}

const peer = { address: '192.0.2.1', port: 1 }

function judge(ruleSets: readonly NamedRuleSet[], target: string, body: string | null = null): Findings {
  const headers = [['Content-Type', 'application/json'] as const]
  const judgement = beginJudgement(ruleSets, {
    client: peer,
    server: peer,
    method: 'POST',
    target,
    protocol: 'HTTP/1.1',
    headers,
  })
  judgement.requestHeaders()
  judgement.requestBody(body === null ? null : Buffer.from(body, 'latin1'))
  return judgement.finish()
}

const deny = (id: number, word: string, actions = 'phase:2,deny,log'): string =>
  `SecRule ARGS "@contains ${word}" "id:${id},${actions}"\n`
const late = (id: number): string => `SecAction "id:${id},phase:5,pass,log"\n`
const note = (id: number, phase: number): string => `SecAction "id:${id},phase:${phase},pass,log"\n`

const cases: readonly { why: string; sets: NamedRuleSet[]; stop: Findings['stop']; rules: number[] }[] = [
  { why: 'no rule set allows', sets: [], stop: null, rules: [] },
  { why: 'a rule that does not match allows', sets: [ruleSet(deny(1, 'good'))], stop: null, rules: [] },
  {
    why: 'a rule that matches blocks with its own status, and phase 5 still runs',
    sets: [ruleSet(deny(1, 'evil', 'phase:2,deny,status:418,log') + late(2))],
    stop: { verdict: 'block', status: 418 },
    rules: [1, 2],
  },
  {
    why: 'a status that is no refusal becomes 403',
    sets: [ruleSet(deny(1, 'evil', 'phase:2,deny,status:200,log'))],
    stop: { verdict: 'block', status: 403 },
    rules: [1],
  },
  {
    why: 'a redirect becomes 403',
    sets: [ruleSet(deny(1, 'evil', 'phase:2,log,status:302,redirect:https://a.example/'))],
    stop: { verdict: 'block', status: 403 },
    rules: [1],
  },
  {
    why: 'a dropped connection becomes 403',
    sets: [ruleSet(deny(1, 'evil', 'phase:2,drop,log'))],
    stop: { verdict: 'block', status: 403 },
    rules: [1],
  },
  {
    why: 'the first rule set that blocks decides, and the next is not asked in that phase',
    sets: [ruleSet(deny(1, 'evil', 'phase:2,deny,status:401,log')), ruleSet(note(2, 1) + deny(3, 'evil'))],
    stop: { verdict: 'block', status: 401 },
    rules: [2, 1],
  },
  {
    why: 'a later rule set that blocks in phase 1 is earlier than the first in phase 2',
    sets: [ruleSet(deny(1, 'evil')), ruleSet(deny(2, 'evil', 'phase:1,deny,status:405,log'))],
    stop: { verdict: 'block', status: 405 },
    rules: [2],
  },
  {
    why: 'rule sets keep their variables to themselves',
    sets: [
      ruleSet('SecAction "id:1,phase:1,pass,nolog,setvar:tx.a=1"\n'),
      ruleSet('SecRule TX:a "@eq 1" "id:2,phase:2,deny,log"\n'),
    ],
    stop: null,
    rules: [],
  },
]
for (const { why, sets, stop, rules } of cases) {
  test(why, () => {
    const found = judge(sets, '/?q=evil')
    assert.deepEqual([found.stop, found.rules], [stop, rules])
    assert.deepEqual(
      found.matches.map(({ id }) => id),
      rules,
    )
    assert.ok(found.micros > 0)
  })
}

test('in mode detect nothing stops, and what blocking would have done is told up to the rule that would have blocked', () => {
  const rules = note(1, 1) + deny(2, 'evil', 'phase:2,deny,status:418,log') + note(3, 2)
  const detecting = judge([ruleSet(rules, 'detect')], '/?q=evil')
  assert.equal(detecting.stop, null)
  assert.deepEqual(detecting.rules, [1, 2, 3])
  assert.deepEqual(detecting.detected, { status: 418, rules: [1, 2] })
  assert.deepEqual(judge([ruleSet(rules)], '/?q=evil').rules, [1, 2])
  assert.equal(judge([ruleSet(rules, 'detect')], '/?q=good').detected, null)
})

test('a rule set in mode detect does not hide one that blocks', () => {
  const found = judge([ruleSet(deny(1, 'evil'), 'detect'), ruleSet(deny(2, 'evil'))], '/?q=evil')
  assert.deepEqual([found.stop?.verdict, found.detected?.rules, found.rules], ['block', [1], [1, 2]])
})

const counts = (score: number): string =>
  `SecAction "id:1,phase:2,pass,nolog,setvar:tx.blocking_inbound_anomaly_score=${score}"\n`

const scores: readonly { why: string; sets: NamedRuleSet[]; score: number | null }[] = [
  { why: 'no rule set counts', sets: [ruleSet(note(1, 2))], score: null },
  { why: 'one counts', sets: [ruleSet(counts(7))], score: 7 },
  { why: 'the last counts', sets: [ruleSet(counts(7)), ruleSet(counts(8))], score: 8 },
  { why: 'only the first counts', sets: [ruleSet(counts(7)), ruleSet(note(1, 2))], score: 7 },
  { why: 'the first blocks', sets: [ruleSet(counts(7) + deny(2, 'evil')), ruleSet(counts(8))], score: 7 },
]
for (const { why, sets, score } of scores) {
  test(`where ${why}, the score is ${score}`, () => assert.equal(judge(sets, '/?q=evil').score, score))
}

test('a request that would pass unread in part is rejected, whatever the rules say', () => {
  const allows = ruleSet('SecAction "id:1,phase:1,allow,log"\n')
  const rejected = { verdict: 'reject', status: 413 } as const
  assert.deepEqual(judge([allows], '/', 'x'.repeat(1_048_577)).stop, rejected)
  assert.deepEqual(judge([allows], `/?${'a=1&'.repeat(10_001)}`).stop, rejected)
})

test('a response’s body is wanted where one rule set reads it, and given to no rule where none does', () => {
  const reads = ruleSet('SecRule RESPONSE_BODY "@contains evil" "id:1,phase:4,deny,status:502,log"\n')
  const none = ruleSet('SecResponseBodyMimeTypesClear\n')
  const rows: readonly { sets: NamedRuleSet[]; type: string; wanted: boolean }[] = [
    { sets: [none, reads], type: 'text/plain', wanted: true },
    { sets: [none], type: 'text/plain', wanted: false },
    { sets: [reads], type: 'image/png', wanted: false },
    { sets: [], type: 'text/plain', wanted: false },
  ]
  for (const { sets, type, wanted } of rows) {
    const head = { client: peer, server: peer, method: 'GET', target: '/', protocol: 'HTTP/1.1', headers: [] }
    const judgement = beginJudgement(sets, head)
    judgement.requestHeaders()
    judgement.requestBody(null)
    judgement.responseHeaders({ status: 200, protocol: 'HTTP/1.1', headers: [['Content-Type', type]] })
    assert.equal(judgement.wantsResponseBody(), wanted)
    assert.equal(judgement.responseBody(Buffer.from('evil'))?.status ?? null, wanted ? 502 : null)
    assert.deepEqual(judgement.finish().rules, wanted ? [1] : [])
  }
})

test('a body that its processor cannot read is blocked by the engine’s own settings', () => {
  assert.deepEqual(judge([ruleSet('')], '/', '{"a":').stop, { verdict: 'block', status: 400 })
})
