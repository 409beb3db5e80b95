import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow, decide, type Reason, type Verdict } from './decision.ts'

const verdicts: Readonly<Record<Reason, Verdict>> = {
  protocol: 'reject',
  route: 'reject',
  overload: 'reject',
  internal: 'reject',
  upstream: 'allow',
  block: 'block',
  binding: 'block',
  limit: 'block',
  waf: 'block',
  policy: 'block',
  schema: 'block',
  endpoint: 'block',
}
for (const [reason, verdict] of Object.entries(verdicts) as [Reason, Verdict][]) {
  test(`a decision for reason ${reason} has the verdict ${verdict}`, () => {
    assert.deepEqual(decide(reason, 403), { verdict, status: 403, reason })
  })
}

test('an answer of the upstream has no reason', () => {
  assert.deepEqual(allow(500), { verdict: 'allow', status: 500, reason: null })
})

test('a decision cannot be changed by what comes after it', () => {
  assert.throws(() => Object.assign(decide('route', 404), { status: 200 }), TypeError)
  assert.throws(() => Object.assign(allow(200), { status: 404 }), TypeError)
})
