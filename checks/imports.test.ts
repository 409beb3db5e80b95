import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importFindings, type Reserved, type Row } from './imports.ts'
import { type Source, sources } from './sources.ts'

test('every import of the checkout is in the table, no row is dead, and there is no cycle', () => {
  assert.deepEqual(importFindings(sources()), [])
})

const zones = ['a', 'b', 'a/inner']
const table: readonly Row[] = [
  { from: 'a', to: 'b', why: 'test' },
  { from: 'a/inner', to: 'a', why: 'test', through: 'a/index.ts' },
]
const reserved: readonly Reserved[] = [{ name: 'decide', of: 'b/decision.ts', only: 'b/stages/', why: 'test' }]
/** Uses every row of the table, so that none is dead. */
const base: Readonly<Record<string, string>> = {
  'a/one.ts': `import '../b/one.ts'`,
  'a/index.ts': '',
  'a/inner/one.ts': `import '../index.ts'`,
  'b/one.ts': '',
  'b/decision.ts': 'export const decide = 1; export type Decision = 1',
}

const cases: readonly { why: string; files: Record<string, string>; finds: RegExp | null }[] = [
  { why: 'what the table allows', files: {}, finds: null },
  { why: 'an import inside a zone', files: { 'b/two.ts': `import './one.ts'` }, finds: null },
  { why: 'packages and built-ins', files: { 'b/two.ts': `import 'node:fs'; import 'undici'` }, finds: null },
  { why: 'data', files: { 'b/two.ts': `import x from '../a/x.json' with { type: 'json' }` }, finds: null },
  {
    why: 'an import the wrong way',
    files: { 'b/two.ts': `import '../a/one.ts'` },
    finds: /^b\/two\.ts:1: b may not import a/,
  },
  {
    why: 'a type the wrong way',
    files: { 'b/two.ts': `\nimport type { X } from '../a/one.ts'` },
    finds: /^b\/two\.ts:2: b may not import a/,
  },
  {
    why: 'a re-export the wrong way',
    files: { 'b/two.ts': `export * from '../a/one.ts'` },
    finds: /b may not import a/,
  },
  {
    why: 'a dynamic import the wrong way',
    files: { 'b/two.ts': `await import('../a/one.ts')` },
    finds: /b may not import a/,
  },
  {
    why: 'an inline type the wrong way',
    files: { 'b/two.ts': `type X = import('../a/one.ts').Y` },
    finds: /b may not import a/,
  },
  {
    why: 'a package of ours the wrong way',
    files: { 'a/package.json': '{"name":"ours","exports":"./index.ts"}', 'b/two.ts': `import 'ours'` },
    finds: /b may not import a/,
  },
  {
    why: 'the inside of a folder with one way in',
    files: { 'a/inner/two.ts': `import '../one.ts'` },
    finds: /inside of a: use a\/index\.ts/,
  },
  {
    why: 'a folder outside the table',
    files: { 'c/one.ts': `import '../b/one.ts'` },
    finds: /c\/one\.ts is in no zone/,
  },
  { why: 'a file that is not there', files: { 'b/two.ts': `import './gone.ts'` }, finds: /b\/gone\.ts is not there/ },
  { why: 'a row that nothing uses', files: { 'a/one.ts': '' }, finds: /a → b is a dead row/ },
  {
    why: 'a cycle of values',
    files: { 'b/x.ts': `import './y.ts'`, 'b/y.ts': `import './x.ts'` },
    finds: /b\/x\.ts → b\/y\.ts → b\/x\.ts: a cycle/,
  },
  {
    why: 'a cycle of types',
    files: {
      'b/x.ts': `import type { Y } from './y.ts'`,
      'b/y.ts': `import { type X } from './z.ts'`,
      'b/z.ts': `export type * from './x.ts'`,
    },
    finds: /: a cycle/,
  },
  { why: 'a file that imports itself', files: { 'b/x.ts': `import './x.ts'` }, finds: /b\/x\.ts → b\/x\.ts: a cycle/ },
  {
    why: 'a reserved name',
    files: { 'b/two.ts': `import { decide as d } from './decision.ts'` },
    finds: /decide outside b\/stages\//,
  },
  {
    why: 'a reserved name where it belongs',
    files: { 'b/stages/x.ts': `import { decide } from '../decision.ts'` },
    finds: null,
  },
  {
    why: 'what stands beside a reserved name',
    files: { 'b/two.ts': `import type { Decision } from './decision.ts'` },
    finds: null,
  },
]
for (const { why, files, finds } of cases) {
  test(`${why} is ${finds === null ? 'let pass' : 'found'} by the check of imports`, () => {
    const all: Source[] = Object.entries({ ...base, ...files }).map(([path, text]) => ({ path, text }))
    const found = importFindings(all, table, zones, reserved)
    if (finds === null) assert.deepEqual(found, [])
    else assert.match(found.join('\n'), finds)
    assert.ok(found.length <= 1, found.join('\n'))
  })
}

test('a file that cannot be parsed is an error, not a clean file', () => {
  assert.throws(() => importFindings([{ path: 'a/x.ts', text: 'import {' }], [], zones, []), /a\/x\.ts/)
})
