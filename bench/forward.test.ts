import assert from 'node:assert/strict'
import { test } from 'node:test'
import { benchForward, forwardTable, missingTools } from './forward.ts'

const missing = missingTools()

test('the benchmark of forwarding runs, or says what it needs', async (t) => {
  const quick = benchForward(['--request', 'GET', '--seconds', '1', '--rounds', '1'])
  if (missing !== null) {
    await assert.rejects(quick, { message: missing })
    return t.diagnostic(missing)
  }
  const figures = await quick
  assert.deepEqual(
    figures.map(({ forwarder, request }) => [forwarder, request]),
    [
      ['edge', 'GET'],
      ['nginx', 'GET'],
    ],
  )
  assert.ok(figures.every(({ medianMicros, requestsPerSecond }) => medianMicros > 0 && requestsPerSecond > 0))
  assert.match(
    forwardTable(figures),
    /^request +forwarder +CPU µs +of nginx +rounds +requests\/s\nGET +edge .*\nGET +nginx .* 1\.00 /,
  )
})

const wrong: readonly { why: string; args: readonly string[]; says: RegExp }[] = [
  { why: 'no number of seconds', args: ['--seconds', 'many'], says: /--seconds: write a number/ },
  { why: 'no rounds', args: ['--rounds', '0'], says: /--rounds: write a number/ },
  { why: 'a request that it does not know', args: ['--request', 'PUT'], says: /--request: write one of "GET"/ },
]
for (const { why, args, says } of wrong) {
  test(`the benchmark of forwarding with ${why} says what to write`, async () => {
    await assert.rejects(benchForward(args), says)
  })
}
