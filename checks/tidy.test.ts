import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sources } from './sources.ts'
import { rules } from './tidy.ts'

const checkout = sources()

for (const { holds, check } of rules) {
  test(`in the checkout, ${holds}`, () => assert.deepEqual(check(checkout), []))
}
