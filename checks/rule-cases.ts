/** For tests of the rules: rows of files and what a rule must find in them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Source } from './sources.ts'

export interface Case {
  readonly check: (all: readonly Source[]) => string[]
  readonly what: string
  readonly files: Readonly<Record<string, string>>
  /** `null`: nothing. */
  readonly finds: RegExp | null
}

/** One test a row. */
export function tryRule(rule: string, cases: readonly Case[]): void {
  for (const { check, what, files, finds } of cases) {
    test(`the rule on ${rule} ${finds === null ? 'lets pass' : 'finds'} ${what}`, () => {
      const found = check(Object.entries(files).map(([path, text]) => ({ path, text })))
      if (finds === null) assert.deepEqual(found, [])
      else assert.match(found.join('\n'), finds)
      assert.ok(found.length <= 1, found.join('\n'))
    })
  }
}
