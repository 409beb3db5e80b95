import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Campaign, startCampaign } from './campaign.ts'
import { edgeFront } from './front.ts'
import { type Case, caseOf } from './generator.ts'
import { isKnown, known } from './known.ts'
import { http1 } from './protocol.ts'

let campaign: Campaign<Case>
before(async () => {
  campaign = await startCampaign(http1, edgeFront('http/1.1'))
  // Some depend on which of two answers is the faster: not on who opens the first connection.
  await campaign.epoch(Array.from({ length: 500 }, (_, i) => caseOf(1, i)).filter(({ payload }) => !isKnown(payload)))
})
after(() => campaign[Symbol.asyncDispose]())

/** Each shows itself more often than not; a few at once leave nothing to luck. */
const tries = 8

for (const { name, shows, follows = 'at once' } of known) {
  test(`known: ${name}; where this fails, the edge is mended and the row must go`, async () => {
    const cases = Array.from({ length: tries }, (_, index) => {
      const payload = shows.replaceAll('{c}', `/c${index}`)
      return { index, payload, cuts: [], follows }
    })
    assert.ok(cases.every(({ payload }) => isKnown(payload)))
    assert.notEqual((await campaign.epoch(cases)).length, 0)
  })
}
