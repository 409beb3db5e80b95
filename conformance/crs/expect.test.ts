import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logLine, type Outcome, unmet } from './expect.ts'
import type { FtwOutput } from './go-ftw.ts'

const nothing: FtwOutput = {
  status: null,
  expectIds: [],
  noExpectIds: [],
  matchRegex: null,
  noMatchRegex: null,
  expectError: false,
  retryOnce: false,
}
const log = [
  { id: 5, message: 'five', data: 'found "x"' },
  { id: 6, message: 'six', data: 'a\nb\xff' },
]

test('a log line is one line, with quotes and control bytes escaped', () => {
  assert.equal(logLine({ id: 5, message: 'five', data: 'found "x"' }), '[id "5"] [msg "five"] [data "found \\"x\\""]')
  assert.equal(logLine({ id: 6, message: '', data: 'a\nb\xff' }), '[id "6"] [msg ""] [data "a\\x0ab\\xff"]')
})

test('each expectation is held against the log', () => {
  const rows: {
    readonly expect: Partial<FtwOutput>
    readonly unmet: readonly string[]
    readonly status?: number
  }[] = [
    { expect: {}, unmet: [] },
    { expect: { expectIds: [5, 6] }, unmet: [] },
    { expect: { expectIds: [5, 7, 8] }, unmet: ['7 in the log', '8 in the log'] },
    { expect: { noExpectIds: [7] }, unmet: [] },
    { expect: { noExpectIds: [7, 6] }, unmet: ['no 6 in the log'] },
    { expect: { matchRegex: 'five.*found' }, unmet: [] },
    { expect: { matchRegex: 'five.*six' }, unmet: ['a log line like /five.*six/'] },
    { expect: { noMatchRegex: '\\[id "6"\\]' }, unmet: ['no log line like /\\[id "6"\\]/'] },
    { expect: { noMatchRegex: '\\[id "7"\\]' }, unmet: [] },
    { expect: { status: 200 }, unmet: [] },
    { expect: { status: 200 }, status: 403, unmet: ['status 200'] },
    { expect: { expectIds: [5] }, status: 403, unmet: [] },
  ]
  for (const row of rows) {
    const outcome: Outcome = { log, status: row.status ?? null }
    assert.deepEqual(unmet({ ...nothing, ...row.expect }, outcome), row.unmet, JSON.stringify(row))
  }
})
