import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Case } from './cases.ts'
import { type Exception, parseExceptions } from './exceptions.ts'
import { added, closing, report, tally } from './tally.ts'

const failure = { about: 'GET /', expected: '1', came: 'nothing' }
const holds: Case = { id: '1-1', needs: null, judge: () => null }
const fails: Case = { id: '1-2', needs: null, judge: () => failure }
const throws: Case = {
  id: '1-3',
  needs: null,
  judge: () => {
    throw new RangeError('too deep')
  },
}
const needy: Case = { id: '1-4', needs: 'a kitchen', judge: () => assert.fail('must not be run') }

function exceptionOf(id: string): Exception {
  return { suite: 'crs', id, reason: 'two engines disagree' }
}

test('a failure and an exception that leaves the engine both count as failed', () => {
  const result = tally('crs', [holds, fails, throws], [])
  assert.equal(closing(result), '1 passed, 2 failed, 0 skipped')
  assert.match(result.failed[1]?.failure.came ?? '', /too deep/)
})

test('an accepted exception counts as skipped', () => {
  assert.equal(closing(tally('crs', [holds, fails], [exceptionOf('1-2')])), '1 passed, 0 failed, 1 skipped')
})

test('an exception of another suite excuses nothing', () => {
  assert.equal(closing(tally('seclang', [fails], [exceptionOf('1-2')])), '0 passed, 1 failed, 0 skipped')
})

test('an exception that passes now is stale and fails the run', () => {
  const result = tally('crs', [holds], [exceptionOf('1-1')])
  assert.equal(closing(result), '0 passed, 1 failed, 0 skipped')
  assert.match(result.failed[0]?.failure.came ?? '', /take its entry out/)
})

test('a case whose need is listed is not run; an unlisted need is no excuse', () => {
  const listed: Exception = { suite: 'crs', needs: 'a kitchen', reason: 'not built' }
  assert.equal(closing(tally('crs', [needy], [listed])), '0 passed, 0 failed, 1 skipped')
  assert.equal(closing(tally('crs', [needy], [])), '0 passed, 1 failed, 0 skipped')
})

test('a suite without cases fails', () => {
  assert.equal(tally('crs', [], []).failed.length, 1)
})

test('the report says what was expected and what came, and closes with the counts alone on a line', () => {
  const result = tally('crs', [holds, fails, { ...fails, id: '1-5' }], [exceptionOf('1-5')])
  assert.deepEqual(report('crs', result, true), [
    '== crs',
    'FAIL 1-2: GET /',
    '  expected 1',
    '  came     nothing',
    'SKIP 1-5: two engines disagree',
    '1 passed, 1 failed, 1 skipped',
  ])
  assert.equal(report('crs', result, false).includes('SKIP 1-5: two engines disagree'), false)
  assert.equal(closing(added(result, result)), '2 passed, 2 failed, 2 skipped')
})

test('an exception without a reason, a suite, or a name is refused', () => {
  for (const entry of [
    { suite: 'crs', id: '1-1' },
    { suite: 'crs', id: '1-1', reason: '' },
    { suite: 'other', id: '1-1', reason: 'x' },
    { suite: 'crs', reason: 'x' },
    { suite: 'crs', id: '1-1', needs: 'x', reason: 'x' },
  ]) {
    assert.throws(() => parseExceptions(JSON.stringify([entry])), TypeError)
  }
})
