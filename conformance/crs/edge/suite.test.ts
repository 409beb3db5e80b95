import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../e2e/program.ts'
import type { Failure } from '../../cases.ts'
import { edgeCases } from './suite.ts'

const rules = `SecRule ARGS:x "@streq evil" "id:9,phase:2,pass,log,msg:'found',logdata:'%{MATCHED_VAR}'"\n`

/** A stage each; `expect` is what the judge says: null where the stage holds. */
const rows: readonly { why: string; input: string; output: string; expect: Partial<Failure> | null }[] = [
  {
    why: 'a rule that matched is in the log',
    input: '{ uri: /?x=evil, headers: { Host: a } }',
    output: '{ status: 200, log: { expect_ids: [9] } }',
    expect: null,
  },
  {
    why: 'one that did not is not',
    input: '{ uri: /?x=good, headers: { Host: a } }',
    output: '{ log: { expect_ids: [9] } }',
    expect: { expected: '9 in the log', came: 'ids none, answered with 200 (allow)' },
  },
  {
    why: 'one that should not have',
    input: '{ method: POST, uri: /, headers: { Host: a }, data: x=evil }',
    output: '{ log: { no_expect_ids: [9] } }',
    expect: { expected: 'no 9 in the log', came: 'ids 9, answered with 200 (allow)' },
  },
  {
    why: 'the status of a refusal before any rule',
    input: '{ headers: { Host: "%00" } }',
    output: '{ status: 400 }',
    expect: null,
  },
  {
    why: 'a refusal that nobody asked for',
    input: '{ headers: { Host: "%00" } }',
    output: '{ log: { no_expect_ids: [9] } }',
    expect: { expected: 'a verdict of the rules', came: 'ids none, answered with 400 (reject, protocol)' },
  },
  {
    why: 'bytes that are no request at all',
    input: `{ encoded_request: ${btoa('\x16\x03\x01\r\n')} }`,
    output: '{ status: 400 }',
    expect: null,
  },
  {
    why: 'a request that should have been refused',
    input: '{ headers: { Host: a } }',
    output: '{ status: 400 }',
    expect: { expected: 'status 400' },
  },
  {
    why: 'the text of a match',
    input: '{ uri: /?x=evil, headers: { Host: a } }',
    output: '{ log: { match_regex: "found.*evil" } }',
    expect: null,
  },
  {
    why: 'a text of no match',
    input: '{ uri: /?x=good, headers: { Host: a } }',
    output: '{ log: { match_regex: "found" } }',
    expect: { expected: 'a log line like /found/' },
  },
  {
    why: 'a connection that should have broken',
    input: '{ headers: { Host: a } }',
    output: '{ expect_error: true }',
    expect: { expected: 'a broken connection' },
  },
  {
    why: 'an answer without a body, on a connection that stays open',
    input: '{ method: HEAD, uri: /?x=evil, headers: { Host: a, Connection: keep-alive } }',
    output: '{ log: { expect_ids: [9] } }',
    expect: null,
  },
  {
    why: 'an answer behind a 100',
    input: '{ method: POST, headers: { Host: a, Expect: 100-continue }, data: x=evil }',
    output: '{ log: { expect_ids: [9] } }',
    expect: null,
  },
  {
    why: 'what the backend was asked to answer',
    input: `{ method: POST, uri: /reflect, headers: { Host: a, Content-Type: application/json }, data: '{"status":418}' }`,
    output: '{ status: 418 }',
    expect: null,
  },
]

test('each test of a release is played through the edge, and held against its answer and its line in the log', async () => {
  const release = temporaryFolder()
  for (const folder of ['rules', 'tests/regression/tests']) mkdirSync(join(release, folder), { recursive: true })
  writeFileSync(join(release, 'crs-setup.conf'), '')
  writeFileSync(join(release, 'rules/a.conf'), rules)
  const stages = rows.map(({ input, output }) => `  - stages: [{ input: ${input}, output: ${output} }]\n`)
  writeFileSync(join(release, 'tests/regression/tests/a.yaml'), `rule_id: 1\ntests:\n${stages.join('')}`)

  const cases = await edgeCases(release, () => true)
  assert.equal(cases.length, rows.length)
  for (const [index, { why, expect }] of rows.entries()) {
    const failure = cases[index]?.judge() ?? null
    if (expect === null) assert.equal(failure, null, why)
    else assert.partialDeepStrictEqual(failure, expect, why)
  }

  const chosen = await edgeCases(release, (id) => id === '1-2')
  assert.deepEqual(
    chosen.map(({ id }) => id),
    ['1-2'],
  )
})
