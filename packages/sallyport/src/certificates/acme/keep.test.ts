import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { day, makePair, temporaryFolder } from '../certificates-under-test.ts'
import type { Pair } from '../pair.ts'
import type { Way } from './challenges.ts'
import { type FakeClock, fakeClock } from './clock-under-test.ts'
import { AcmeFailure } from './failure.ts'
import { type Keeping, keepFresh } from './keep.ts'
import { noAdvice } from './renewal-info.ts'
import { freshState, readState, type State, writeState } from './state.ts'

const minute = 60 * 1000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 1)

interface Life {
  /** How long it is watched, in milliseconds that cannot jump. */
  readonly forMs: number
  readonly state?: State
  /** Throws, or says how many days from the true time the certificate is valid; default 90. */
  readonly authority?: (trueMs: number) => number
  readonly more?: Partial<Keeping>
  readonly file?: string
  readonly startMs?: number
  /** After each wait. */
  readonly afterWait?: (elapsedMs: number, clock: FakeClock) => void
}

interface Lived {
  /** When the authority was asked, in milliseconds since the start, and how. */
  readonly tries: readonly { readonly atMs: number; readonly way: Way; readonly replaced: Pair | null }[]
  readonly issued: readonly Pair[]
  readonly lines: readonly string[]
  readonly file: string
}

async function live({
  forMs,
  state = freshState,
  authority = () => 90,
  more,
  file,
  startMs = start,
  afterWait,
}: Life): Promise<Lived> {
  const ending = new AbortController()
  const lines: string[] = []
  const tries: { atMs: number; way: Way; replaced: Pair | null }[] = []
  const issued: Pair[] = []
  const clock: FakeClock = fakeClock(startMs, (elapsedMs) => {
    afterWait?.(elapsedMs, clock)
    if (elapsedMs >= forMs) ending.abort()
  })
  const path = file ?? join(await temporaryFolder(), 'state.json')
  const keeping: Keeping = {
    hosts: ['a.test'],
    file: path,
    ways: ['http-01', 'tls-alpn-01'],
    clock,
    issue: async (way, replaced) => {
      tries.push({ atMs: clock.elapsed(), way, replaced })
      const from = startMs + clock.elapsed()
      return await makePair({ hosts: ['a.test'], from: new Date(from), to: new Date(from + authority(from) * day) })
    },
    advice: async () => noAdvice,
    onIssued: (pair) => issued.push(pair),
    say: (line) => lines.push(line),
    soon: false,
    signal: ending.signal,
    ...more,
  }
  await keepFresh(keeping, state)
  return { tries, issued, lines, file: path }
}

function refuse(retryAfterMs: number | null = null): never {
  throw new AcmeFailure('the authority is ill', 'wait', retryAfterMs)
}

function inUse(from: number, to: number, host = 'a.test'): Promise<Pair> {
  return makePair({ hosts: [host], from: new Date(start + from * day), to: new Date(start + to * day) })
}

test('a first certificate comes at once, and the next ones shortly before two thirds of a life', async () => {
  const { tries, issued, lines, file } = await live({ forMs: 200 * day })
  assert.equal(issued.length, 4)
  assert.equal(tries[0]?.atMs, 0)
  for (let index = 1; index < tries.length; index += 1) {
    const part = (tries[index]!.atMs - tries[index - 1]!.atMs) / (90 * day)
    assert.ok(part > 2 / 3 - 1 / 20 && part <= 2 / 3 + 0.001, String(part))
    assert.equal(tries[index]?.replaced, issued[index - 1])
  }
  assert.equal(lines.length, 4)
  assert.equal((await readState(file, () => assert.fail())).pair?.cert, issued.at(-1)?.cert)
})

test('failures are tried again ever more seldom, by each way in turn, and the old certificate stays', async () => {
  const pair = await inUse(-80, 10)
  const { tries, issued, lines, file } = await live({
    forMs: 3 * day,
    state: { ...freshState, pair },
    authority: () => refuse(),
  })
  assert.equal(issued.length, 0)
  assert.deepEqual(
    tries.slice(0, 3).map(({ way }) => way),
    ['http-01', 'tls-alpn-01', 'http-01'],
  )
  assert.ok(tries.filter(({ atMs }) => atMs < hour).length <= 7, 'few tries in the first hour')
  assert.ok(tries.length <= 26, `${tries.length} tries in three days`)
  assert.equal(lines.length, tries.length)
  assert.equal(
    lines[0],
    'certificate of a.test: the authority is ill; wait; the one in use is valid until 2026-01-11T00:00:00.000Z; next try in 1 min',
  )
  const kept = await readState(file, () => assert.fail())
  assert.deepEqual([kept.pair?.cert, kept.failures], [pair.cert, tries.length])
  assert.equal(tries[1]?.replaced, null, 'an authority may hold it for replaced already')
})

test('after a failure has passed, the count begins anew', async () => {
  let asked = 0
  const { issued, file } = await live({
    forMs: day,
    authority: () => {
      asked += 1
      return asked < 3 ? refuse() : 90
    },
  })
  assert.equal(issued.length, 1)
  assert.equal((await readState(file, () => assert.fail())).failures, 0)
})

test('an edge that is restarted every ten seconds asks no more often than one that runs', async () => {
  const file = join(await temporaryFolder(), 'state.json')
  let asked = 0
  for (let restart = 0; restart < 60; restart += 1) {
    const { tries } = await live({
      forMs: 10_000,
      file,
      state: await readState(file, () => assert.fail()),
      authority: () => refuse(),
      // Each life begins where the last one ended.
      startMs: start + restart * 10_000,
    })
    asked += tries.length
  }
  assert.ok(asked >= 2 && asked <= 6, `${asked} tries in ten minutes`)
})

test('a try is counted before it begins, so that a crash in the middle of it counts', async () => {
  const file = join(await temporaryFolder(), 'state.json')
  const during: State[] = []
  await live({
    forMs: hour,
    file,
    more: {
      issue: async () => {
        during.push(await readState(file, () => assert.fail()))
        return await inUse(0, 90)
      },
    },
  })
  assert.equal(during[0]?.failures, 1)
  assert.ok(during[0].retryAtMs >= start + minute / 2)
})

test('a clock that jumps ten years forward costs one try a day at most, and says why', async () => {
  const { tries, lines } = await live({
    forMs: 30 * day,
    afterWait: (elapsedMs, clock) => {
      if (elapsedMs === hour) clock.jump(3650 * day)
    },
  })
  assert.ok(tries.length > 1 && tries.length <= 32, `${tries.length} tries in thirty days`)
  assert.match(lines[1] ?? '', /issued, valid until 2026-\S+, but due again already; set the clock of this machine$/)
})

test('a clock that was set back does not make it wait for years', async () => {
  const state = { pair: null, failures: 9, retryAtMs: start + 3650 * day }
  const { tries } = await live({ forMs: 2 * day, state })
  assert.deepEqual(
    tries.map(({ atMs }) => atMs),
    [day],
  )
})

test('a reload by hand cuts a long wait to a minute', async () => {
  const state = { pair: null, failures: 9, retryAtMs: start + 6 * hour }
  const { tries } = await live({ forMs: hour, state, more: { soon: true } })
  assert.deepEqual(
    tries.map(({ atMs }) => atMs),
    [minute],
  )
})

test('what a rate limit asks for is waited for, over a restart too', async () => {
  const { tries, file, lines } = await live({ forMs: 11 * hour, authority: () => refuse(10 * hour) })
  assert.deepEqual(
    tries.map(({ atMs }) => atMs),
    [0, 10 * hour],
  )
  assert.match(lines[0] ?? '', /next try in 10 h$/)
  assert.equal((await readState(file, () => assert.fail())).retryAtMs, start + 20 * hour)
})

test('the authority may ask for a renewal early', async () => {
  const window = { startMs: start + 3 * day, endMs: start + 4 * day }
  const pair = await inUse(-1, 89)
  const { tries } = await live({
    forMs: 20 * day,
    state: { ...freshState, pair },
    more: { advice: async (of) => (of.cert === pair.cert ? { window, againMs: 6 * hour } : noAdvice) },
  })
  assert.equal(tries.length, 1)
  assert.ok(tries[0]!.atMs >= 3 * day && tries[0]!.atMs <= 4 * day + hour)
})

test('an authority that wants everything renewed at once gets one order a day', async () => {
  const window = { startMs: 0, endMs: 1000 }
  const { tries } = await live({ forMs: 10 * day, more: { advice: async () => ({ window, againMs: hour }) } })
  assert.ok(tries.length >= 9 && tries.length <= 11, `${tries.length} orders in ten days`)
})

test('advice that fails is no failure', async () => {
  const { lines, tries } = await live({
    forMs: 50 * day,
    state: { ...freshState, pair: await inUse(-1, 89) },
    more: { advice: () => Promise.reject(new AcmeFailure('no', 'no')) },
  })
  assert.deepEqual([lines.length, tries.length], [0, 0])
})

test('a certificate of an hour is renewed in time as well', async () => {
  const { issued } = await live({ forMs: day, authority: () => 1 / 24 })
  assert.ok(issued.length >= 20, `${issued.length} in a day`)
})

test('a certificate that lacks a name of the configuration is replaced at once', async () => {
  const pair = await inUse(-1, 89, 'other.test')
  const { tries } = await live({ forMs: hour, state: { ...freshState, pair } })
  assert.equal(tries[0]?.atMs, 0)
})

test('where nothing can be written nothing is asked for', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file'), '')
  const { tries, lines } = await live({ forMs: hour, file: join(folder, 'file', 'state.json') })
  assert.equal(tries.length, 0)
  assert.match(lines[0] ?? '', /^certificate of a\.test: (?:ENOTDIR|EEXIST).*; there is none yet; next try in 1 min$/)
})

test('a certificate that cannot be used by the caller is said, and kept', async () => {
  const { lines, file } = await live({
    forMs: hour,
    more: {
      onIssued: () => {
        throw new Error('the store is closed')
      },
    },
  })
  assert.match(lines[1] ?? '', /^certificate of a\.test: not kept or not used: the store is closed; see to /)
  assert.notEqual((await readState(file, () => assert.fail())).pair, null)
})

test('a state that makes no sense is said and begun anew', async () => {
  const file = join(await temporaryFolder(), 'state.json')
  const pair = await inUse(0, 90)
  const other = await inUse(0, 90)
  for (const text of [
    '',
    '[]',
    'null',
    '{"version":2}',
    '{"version":1}',
    JSON.stringify({ version: 1, failures: 0.5 }),
  ]) {
    await writeFile(file, text)
    const said: string[] = []
    assert.deepEqual(await readState(file, (line) => said.push(line)), freshState)
    assert.equal(said.length, 1, text)
  }
  await writeState(file, { pair: { cert: pair.cert, key: other.key }, failures: 0, retryAtMs: 0 })
  const said: string[] = []
  assert.deepEqual(await readState(file, (line) => said.push(line)), freshState)
  assert.match(said[0] ?? '', /is not what was written there/)
})
