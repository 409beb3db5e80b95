import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFtwFile } from './go-ftw.ts'
import { caseOf, type Judge } from './suite.ts'

function testOf(stages: string) {
  const [read] = readFtwFile(`rule_id: 9\ntests: [{ test_id: 1, stages: ${stages} }]`, 'x.yaml')
  return read ?? assert.fail('no test')
}

/** An engine whose every rule has the number that stands in the query. */
const byQuery: Judge = ({ target }) => ({
  log: [{ id: Number(target.split('=')[1]), message: '', data: '' }],
  status: null,
})

test('every stage must hold, and the first that does not is told', () => {
  const stage = (id: number, expected: number) =>
    `{ input: { uri: /?x=${id} }, output: { log: { expect_ids: [${expected}] } } }`
  assert.equal(caseOf(testOf(`[${stage(5, 5)}, ${stage(6, 6)}]`), byQuery).judge(), null)
  const failure = caseOf(testOf(`[${stage(5, 5)}, ${stage(6, 7)}, ${stage(8, 9)}]`), byQuery).judge()
  assert.equal(failure?.expected, '7 in the log')
  assert.equal(failure?.came, 'ids 6')
  assert.equal(failure?.about, 'GET /?x=6 HTTP/1.1')
})

test('a stage that may be retried is, once', () => {
  let calls = 0
  const onSecondCall: Judge = () => ({
    log: ++calls === 2 ? [{ id: 5, message: '', data: '' }] : [],
    status: null,
  })
  assert.equal(
    caseOf(testOf('[{ output: { retry_once: true, log: { expect_ids: [5] } } }]'), onSecondCall).judge(),
    null,
  )
  calls = 0
  assert.notEqual(caseOf(testOf('[{ output: { log: { expect_ids: [5] } } }]'), onSecondCall).judge(), null)
})

test('the response that the engine judges is the backend’s answer to the bytes sent', () => {
  const seen: string[] = []
  const record: Judge = (_, { body }) => {
    seen.push(body)
    return { log: [], status: null }
  }
  const input = `{ method: POST, uri: /reflect, headers: { Content-Type: application/json }, data: '{"body":"hi"}' }`
  caseOf(testOf(`[{ input: ${input} }]`), record).judge()
  assert.deepEqual(seen, ['hi'])
})

test('a refusal by an HTTP server and a broken connection are needs; a status of 200 is not', () => {
  const needs = (output: string) => caseOf(testOf(`[{ output: {} }, { output: ${output} }]`), byQuery).needs
  assert.equal(needs('{ status: 400 }'), 'an HTTP front')
  assert.equal(needs('{ status: 200 }'), null)
  assert.equal(needs('{ expect_error: true }'), 'a broken connection')
})
