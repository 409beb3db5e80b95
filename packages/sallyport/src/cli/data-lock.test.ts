import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../edge/edge-under-test.ts'
import { lockData } from './data-lock.ts'

test('a data directory has one holder, and another once that has let go', async () => {
  const data = join(await temporaryFolder(), 'data')
  const first = await lockData(data)
  assert.equal((await stat(data)).mode & 0o777, 0o700)
  await assert.rejects(lockData(data), {
    exitCode: 1,
    message: `another edge has the data directory ${data}: stop it, or name another data directory`,
  })
  first.release()
  const second = await lockData(data)
  second.release()
})

test('of many that want a directory at once, one gets it', async () => {
  const data = await temporaryFolder()
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockData(data)))
  const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  assert.equal(won.length, 1)
  won[0]?.release()
})
