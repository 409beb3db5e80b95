import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  persistentCharactersMax,
  persistentRecordsMax,
  persistentValueCharactersMax,
  persistentVariablesMax,
} from './bounds.ts'
import { createPersistentStore } from './persistent.ts'

const now = 1_000_000

test('a record is the same for the same collection and key, and another otherwise', () => {
  const store = createPersistentStore(60)
  store.open('ip', 'a', now).set('n', 1, now)
  assert.equal(store.open('ip', 'a', now).get('n', now), 1)
  assert.equal(store.open('ip', 'b', now).get('n', now), undefined)
  assert.equal(store.open('user', 'a', now).get('n', now), undefined)
})

test('a record that nobody touched for longer than its time is gone', () => {
  const store = createPersistentStore(60)
  store.open('ip', 'a', now).set('n', 1, now)
  assert.equal(store.open('ip', 'a', now + 60_000).get('n', now + 60_000), 1)
  assert.equal(store.open('ip', 'a', now + 120_001).get('n', now + 120_001), undefined)
})

test('a variable ends when expirevar said, keeps that time when set again, and is not woken', () => {
  const record = createPersistentStore(60).open('ip', 'a', now)
  record.set('n', 1, now)
  record.expire('n', 5, now)
  record.set('n', 2, now + 1_000)
  assert.equal(record.get('n', now + 4_999), 2)
  assert.deepEqual(record.entries(now + 4_999), [['n', '2']])
  record.expire('n', 60, now + 5_000)
  assert.equal(record.get('n', now + 5_000), undefined)
  assert.deepEqual(record.entries(now + 5_000), [])
  record.set('n', 3, now + 5_000)
  assert.equal(record.get('n', now + 60_000), 3)
})

test('the record that nobody touched for longest goes first', () => {
  const store = createPersistentStore(60)
  for (let key = 0; key < persistentRecordsMax; key++) store.open('ip', String(key), now).set('n', 1, now)
  store.open('ip', '0', now)
  store.open('ip', 'new', now)
  assert.equal(store.open('ip', '0', now).get('n', now), 1)
  assert.equal(store.open('ip', '1', now).get('n', now), undefined)
})

test('a record is bounded, and what has run out makes room', () => {
  const record = createPersistentStore(60).open('ip', 'a', now)
  for (let name = 0; name <= persistentVariablesMax; name++) record.set(`n${name}`, 1, now)
  assert.equal(record.get(`n${persistentVariablesMax}`, now), undefined)
  record.expire('n0', 0, now)
  record.set('new', 1, now)
  assert.equal(record.get('new', now), 1)
})

test('all values together are bounded, and a long one is cut', () => {
  const store = createPersistentStore(60)
  const long = 'x'.repeat(persistentValueCharactersMax + 1)
  const records = Math.ceil(persistentCharactersMax / persistentValueCharactersMax) + 1
  for (let key = 0; key < records; key++) store.open('ip', String(key), now).set('n', long, now)
  assert.equal(store.open('ip', String(records - 1), now).get('n', now), long.slice(1))
  assert.equal(store.open('ip', '0', now).get('n', now), undefined)
})

test('a record that had to go while a transaction holds it comes back with what is in it', () => {
  const store = createPersistentStore(60)
  const held = store.open('ip', 'held', now)
  held.set('n', 1, now)
  for (let key = 0; key <= persistentRecordsMax; key++) store.open('ip', String(key), now)
  held.set('m', 2, now)
  assert.equal(store.open('ip', 'held', now).get('m', now), 2)
})
