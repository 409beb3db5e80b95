import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chainOf } from './chain.ts'
import { lowercase } from './lowercase.ts'
import { urlDecodeUni, urlDecodeUniWith } from './url-decode-uni.ts'

test('the same transformations are the same chain, and share their beginning', () => {
  assert.equal(chainOf([]), null)
  const both = chainOf([urlDecodeUni, lowercase])
  assert.equal(chainOf([urlDecodeUni, lowercase]), both)
  assert.equal(both?.before, chainOf([urlDecodeUni]))
  assert.notEqual(chainOf([lowercase, urlDecodeUni]), both)
})

test('another code page is another chain all along, and coming back to one makes no new chain', () => {
  const mapped = urlDecodeUniWith(new Map([[0x41, 0x5a]]))
  const plain = chainOf([urlDecodeUni, lowercase])
  const other = chainOf([mapped, lowercase])
  assert.notEqual(other, plain)
  assert.equal(other?.before, chainOf([mapped]))
  assert.equal(chainOf([urlDecodeUni, lowercase]), plain)
  assert.equal(chainOf([mapped, lowercase]), other)
})
