import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { compileText } from '../cases/cases.fixture.ts'
import { findVariable, refusedVariables, variableNames } from './index.ts'

const folder = join(import.meta.dirname, '../cases')
const cases = globSync('*.cases.json', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'))
const words = new Set(cases.flatMap((text) => text.split(/\W+/)))

test('each variable is known once, and a case reads it', () => {
  assert.equal(new Set(variableNames).size, variableNames.length)
  assert.deepEqual(
    variableNames.filter((name) => !words.has(name)),
    [],
  )
})

test('a collection takes a key, and a scalar takes none', () => {
  for (const name of variableNames) {
    const key = name === 'XML' ? '/*' : 'key'
    const compile = (): unknown => compileText(`SecRule ${name}:${key} "@rx a" "id:1"`)
    if (findVariable(name)?.kind === 'collection') assert.doesNotThrow(compile, name)
    else assert.throws(compile, /has one value; remove what follows the colon/, name)
  }
})

test('a refused variable is in no other table, and its reason is given', () => {
  for (const [name, reason] of Object.entries(refusedVariables)) {
    assert.equal(findVariable(name), undefined)
    assert.throws(() => compileText(`SecRule ${name} "@rx a" "id:1"`), {
      reason: `unknown variable "${name}": ${reason}`,
    })
  }
  assert.equal(findVariable('__proto__'), undefined)
  assert.throws(() => compileText('SecRule CONSTRUCTOR "@rx a" "id:1"'), /unknown variable "CONSTRUCTOR"; see docs/)
})
