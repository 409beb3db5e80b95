import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isChosen } from './cases.ts'

test('--only takes a case, or all cases of a rule, and no neighbour that begins alike', () => {
  const rows = [
    { id: '920100-4', only: undefined, expect: true },
    { id: '920100-4', only: '920100-4', expect: true },
    { id: '920100-4', only: '920100', expect: true },
    { id: '920100-4', only: '92010', expect: false },
    { id: '920100-41', only: '920100-4', expect: false },
    { id: 'operators/rx-3', only: 'operators/rx', expect: true },
    { id: 'operators/rxGlobal-3', only: 'operators/rx', expect: false },
  ]
  for (const row of rows) assert.equal(isChosen(row.id, row.only), row.expect, `${row.id} with ${row.only}`)
})
