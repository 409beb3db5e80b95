import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { seclangPage } from './seclang-page.ts'

test('docs/seclang.md says what the engine’s tables say', () => {
  const written = readFileSync(new URL('../docs/seclang.md', import.meta.url), 'utf8')
  assert.equal(written, seclangPage(), 'run node checks/write-seclang-page.ts')
})

test('the page names what each kind of table holds', () => {
  const page = seclangPage()
  for (const name of [
    'SecRule',
    'SecTmpDir',
    'setvar',
    'exec',
    '@rx',
    '@rbl',
    't:urlDecodeUni',
    'REQUEST_COOKIES',
    'ENV',
  ]) {
    assert.ok(page.includes(`\`${name}\``), name)
  }
})
