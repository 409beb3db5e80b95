import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Transformation } from './transformation.ts'

/** `[value, result, what the row shows]`; bytes as `\xHH`. */
export type Row = readonly [from: string, gives: string, because: string]

/** One test a row, named by what it shows. */
export function checkRows(transformation: Transformation, rows: readonly Row[]): void {
  for (const [from, gives, because] of rows) {
    test(`${transformation.name}: ${because}`, () => {
      assert.equal(transformation.apply(from), gives)
    })
  }
}
