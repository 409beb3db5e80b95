import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Chain } from './transformations/chain.ts'
import { makeValue, transformed, variableName } from './value.ts'

test('each chain runs once for a value, and its beginnings are shared', () => {
  const runs: string[] = []
  const step = (id: number, name: string, before: Chain | null): Chain => ({
    id,
    before,
    apply: (text) => {
      runs.push(name)
      return `${text}${name}`
    },
  })
  const first = step(0, 'a', null)
  const second = step(1, 'b', first)
  const third = step(2, 'c', first)
  const value = makeValue('-')
  assert.equal(transformed(value, second), '-ab')
  assert.equal(transformed(value, third), '-ac')
  assert.equal(transformed(value, second), '-ab')
  assert.equal(transformed(value, null), '-')
  assert.deepEqual(runs, ['a', 'b', 'c'])
})

test('a variable is shown with its key where it has one', () => {
  const value = makeValue('v')
  assert.equal(variableName({ collection: 'ARGS', key: '', value }), 'ARGS:')
  assert.equal(variableName({ collection: 'REQUEST_URI', key: null, value }), 'REQUEST_URI')
})
