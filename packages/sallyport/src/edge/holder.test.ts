import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateStore } from '../certificates/store.ts'
import { holdSnapshot } from './holder.ts'
import { emptySnapshot } from './snapshot.ts'

test('who works by a snapshot keeps it over a renewal, and a change waits for who began before one and after it', async () => {
  const holder = holdSnapshot(emptySnapshot)
  const early = holder.take()
  const renewed = { ...emptySnapshot, certificates: certificateStore([], {}) }
  holder.renew(renewed)
  const late = holder.take()
  assert.equal(early.snapshot, emptySnapshot)
  assert.deepEqual([late.snapshot, holder.current()], [renewed, renewed])
  const order: string[] = []
  const idle = holder.swap(emptySnapshot).then(() => order.push('idle'))
  for (const lease of [late, early]) {
    await Promise.resolve()
    order.push('given back')
    lease.giveBack()
  }
  await idle
  assert.deepEqual(order, ['given back', 'given back', 'idle'])
})
