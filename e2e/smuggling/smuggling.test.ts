import assert from 'node:assert/strict'
import { test } from 'node:test'
import { epochCasesMax, startCampaign } from './campaign.ts'
import { faults, faultsOf, loadedWith } from './faults.ts'
import { edgeFront } from './front.ts'
import { type Case, caseOf } from './generator.ts'
import { showsHttp2 } from './http2/shows.ts'
import type { Finding } from './judge.ts'
import { isKnown } from './known.ts'
import { http1, http2 } from './protocol.ts'

const seed = 1
const shortRunMutations = 3000

function casesFrom(first: number, count: number): Case[] {
  const all = Array.from({ length: count }, (_, i) => caseOf(seed, first + i))
  return all.filter(({ payload }) => !isKnown(payload))
}

test('thousands of mutated requests leave no harmful byte and no wrong tag, and many of them arrive', async () => {
  await using campaign = await startCampaign(http1, edgeFront('http/1.1'))
  const found: Finding[] = []
  for (let at = 0; at < shortRunMutations; at += epochCasesMax)
    found.push(...(await campaign.epoch(casesFrom(at, epochCasesMax))))
  assert.deepEqual(found, [])
  const { tally, counts } = campaign
  // A suite whose requests are all refused, or whose connections all close, would find nothing either.
  assert.ok(counts.arrived > 1.5 * tally.mutations, `${counts.arrived} requests arrived`)
  assert.ok(counts.rejected > tally.mutations / 2, `${counts.rejected} were rejected`)
  assert.ok(tally.keptOpen > tally.mutations / 12, `${tally.keptOpen} connections were kept`)
})

test('a case is the same whenever and wherever it is made, and no other index gives it', () => {
  assert.deepEqual(caseOf(7, 4711), caseOf(7, 4711))
  const payloads = new Set(Array.from({ length: 1000 }, (_, i) => caseOf(7, i).payload))
  assert.ok(payloads.size === 1000)
})

/** Far more than most faults need. */
const faultMutationsMax = 10_000
const faultEpochCases = 500

for (const name of faultsOf('http/1.1')) {
  const shows = faults[name]?.shows
  test(`the suite finds an edge without its defence "${name}"`, async () => {
    await using campaign = await startCampaign(http1, edgeFront('http/1.1', loadedWith(name)))
    if (shows !== undefined) {
      const payload = shows.replaceAll('{c}', '/c0')
      assert.notEqual((await campaign.epoch([{ index: 0, payload, cuts: [], follows: 'when answered' }])).length, 0)
      return
    }
    for (let at = 0; at < faultMutationsMax; at += faultEpochCases)
      if ((await campaign.epoch(casesFrom(at, faultEpochCases))).length > 0) return
    assert.fail(`nothing found in ${faultMutationsMax} mutations`)
  })
}

for (const name of faultsOf('http/1.1')) {
  const shows = faults[name]?.shows
  if (shows === undefined) continue
  test(`what shows the loss of "${name}" shows nothing of the edge as it is`, async () => {
    await using campaign = await startCampaign(http1, edgeFront('http/1.1'))
    const payload = shows.replaceAll('{c}', '/c0')
    assert.deepEqual(await campaign.epoch([{ index: 0, payload, cuts: [], follows: 'when answered' }]), [])
  })
}

const shortHttp2Mutations = 600

test('the same holds in front of HTTP/2, where cases are frames', async () => {
  await using campaign = await startCampaign(http2, edgeFront('h2'))
  const cases = Array.from({ length: shortHttp2Mutations }, (_, i) => http2.caseOf(seed, i))
  assert.deepEqual(await campaign.epoch(cases), [])
  const { tally, counts } = campaign
  assert.ok(counts.arrived > 1.5 * tally.mutations, `${counts.arrived} requests arrived`)
  // nghttp2 refuses most of what is malformed before the edge can say so.
  assert.ok(counts.rejected > tally.mutations / 20, `${counts.rejected} were rejected`)
  assert.ok(tally.keptOpen > tally.mutations / 2, `${tally.keptOpen} connections were kept`)
})

for (const name of faultsOf('h2')) {
  test(`the suite finds an edge without its defence "${name}" in front of HTTP/2`, async () => {
    const shows = showsHttp2(name, 0)
    assert.ok(shows !== null)
    await using campaign = await startCampaign(http2, edgeFront('h2', loadedWith(name)))
    assert.notEqual((await campaign.epoch([shows])).length, 0)
  })
}

test('what shows a loss in front of HTTP/2 shows nothing of the edge as it is', async () => {
  await using campaign = await startCampaign(http2, edgeFront('h2'))
  const cases = faultsOf('h2').map((name, index) => showsHttp2(name, index))
  assert.deepEqual(await campaign.epoch(cases.filter((one) => one !== null)), [])
})
