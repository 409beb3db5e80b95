import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startCampaign } from '../campaign.ts'
import { http2 } from '../protocol.ts'
import { written } from './frame.ts'
import type { Http2Case } from './generator.ts'
import { type Asked, guards, own, regular, values } from './guards.ts'
import { naiveFront } from './naive-front.ts'
import { readFrames } from './reading.ts'
import type { Stream } from './stream.ts'

const seed = 1
const casesMax = 400

test('a forwarder with all its guards leaves nothing to find', async () => {
  await using campaign = await startCampaign(http2, naiveFront())
  const cases = Array.from({ length: casesMax }, (_, index) => http2.caseOf(seed, index))
  assert.deepEqual(await campaign.epoch(cases), [])
  assert.ok(campaign.counts.arrived > casesMax)
})

type Touches = (stream: Stream, asked: Asked) => boolean

/** What each part is there for. */
const touches: Readonly<Record<string, Touches>> = {
  ...Object.fromEntries(
    Object.entries(guards).map(([name, passes]): [string, Touches] => [name, (_stream, asked) => !passes(asked)]),
  ),
  'crumbs of a cookie become one': (_stream, asked) => values(asked, 'cookie').length > 1,
  'fields of its connection stay': (_stream, asked) => values(asked, 'trailer').length > 0,
  'names of its own are its own': (_stream, asked) => regular(asked).some(({ name }) => own.test(name)),
  'a body that is reset is no body': ({ left, misframed }) => left && misframed,
}

/** Of those whose guard is not the only one to refuse, a few. */
const candidatesMax = 40
const looksMax = 20_000

function* candidates(name: string): Iterable<Http2Case> {
  for (let index = 0; index < looksMax; index++) {
    const one = http2.caseOf(seed, index)
    const { streams } = readFrames(one.frames.map(written).join(''))
    const touched = streams.some((stream) => {
      const { section: fields, trailers, body } = stream
      return stream.ended && touches[name]?.(stream, { fields, trailers, body }) === true
    })
    if (touched) yield one
  }
}

for (const name of Object.keys(touches)) {
  test(`the suite finds a forwarder without ${name}`, async () => {
    await using campaign = await startCampaign(http2, naiveFront(name))
    const some = candidates(name)[Symbol.iterator]()
    const cases = Array.from({ length: candidatesMax }, () => some.next().value as Http2Case | undefined)
    assert.notEqual((await campaign.epoch(cases.filter((one) => one !== undefined))).length, 0)
  })
}
