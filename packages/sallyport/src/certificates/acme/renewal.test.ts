import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { renewalInfoEveryMs, renewalInfoFirstMs, renewalInfoLastMs, retryFirstMs, retryMaxMs } from '../bounds.ts'
import { day, makePair } from '../certificates-under-test.ts'
import { fakeClock } from './clock-under-test.ts'
import { renewalAdvice, renewalId } from './renewal-info.ts'
import { renewalTime, retryDelay } from './renewal-time.ts'
import type { AcmeAnswer } from './request.ts'

const from = Date.UTC(2026, 0, 1)
const { cert } = await makePair({ from: new Date(from), to: new Date(from + 90 * day), authorityKeyId: 'aabb' })
const certificate = new X509Certificate(cert)
const directory = { newNonce: '', newAccount: '', newOrder: '', renewalInfo: 'https://ca.test/info' }

test('a window of the authority is used, but never so late that no try could fail', () => {
  const inside = renewalTime(certificate, { startMs: from + 10 * day, endMs: from + 11 * day })
  assert.ok(inside >= from + 10 * day && inside < from + 11 * day)
  assert.equal(renewalTime(certificate, { startMs: from + 900 * day, endMs: from + 901 * day }), from + 81 * day)
})

test('waits after failures stay within their bounds, grow, and never undercut what the authority asked for', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(), (failures, chance, asked) => {
      const waitMs = retryDelay(failures, chance, null)
      assert.ok(waitMs >= retryFirstMs / 2 && waitMs <= retryMaxMs)
      assert.ok(retryDelay(failures + 1, chance, null) >= waitMs)
      assert.ok(retryDelay(failures, chance, asked) >= asked)
    }),
  )
})

test('the identifier of a certificate is the one of RFC 9773, appendix A', async () => {
  const example = await makePair({
    serial: '0087654321',
    authorityKeyId: '69885b6b87464041e1b37b847ba0ae2cde01c8d4',
  })
  assert.equal(await renewalId(example.cert), 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE')
  assert.equal(await renewalId((await makePair()).cert), null)
})

const again = renewalInfoEveryMs
const answers: readonly {
  readonly why: string
  readonly answer: AcmeAnswer
  readonly window: boolean
  againMs: number
}[] = [
  { why: 'a window', answer: info('2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z'), window: true, againMs: again },
  {
    why: 'a window that ends first',
    answer: info('2026-02-02T00:00:00Z', '2026-02-01T00:00:00Z'),
    window: false,
    againMs: again,
  },
  { why: 'a window of words', answer: info('soon', 'later'), window: false, againMs: again },
  { why: 'no window', answer: { status: 200, headers: {}, body: '{}' }, window: false, againMs: again },
  { why: 'an error', answer: { status: 404, headers: {}, body: '' }, window: false, againMs: again },
  { why: 'a short Retry-After', answer: info('x', 'y', '5'), window: false, againMs: renewalInfoFirstMs },
  { why: 'a long Retry-After', answer: info('x', 'y', '999999999'), window: false, againMs: renewalInfoLastMs },
  {
    why: 'a Retry-After that is a date',
    answer: info('x', 'y', 'Thu, 01 Jan 2026 02:00:00 GMT'),
    window: false,
    againMs: 2 * 60 * 60 * 1000,
  },
  { why: 'a Retry-After of words', answer: info('x', 'y', 'soon'), window: false, againMs: again },
]
for (const { why, answer, window, againMs } of answers) {
  test(`renewal information with ${why} ${window ? 'is followed' : 'is no advice'}`, async () => {
    const asked: string[] = []
    const request = async ({ url }: { readonly url: string }): Promise<AcmeAnswer> => {
      asked.push(url)
      return answer
    }
    const connection = { request, clock: fakeClock(from), signal: new AbortController().signal }
    const advice = await renewalAdvice(directory, cert, connection)
    assert.deepEqual([advice.window !== null, advice.againMs], [window, againMs])
    assert.match(asked[0] ?? '', /^https:\/\/ca\.test\/info\/qrs\.[\w-]+$/)
  })
}

function info(start: string, end: string, retryAfter?: string): AcmeAnswer {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
  return { status: 200, headers, body: JSON.stringify({ suggestedWindow: { start, end } }) }
}
