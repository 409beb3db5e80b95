import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { configJsonSchema, type JsonSchema, keysAt } from './json-schema.ts'
import { referencePage } from './reference.ts'

const docs = join(import.meta.dirname, '../../../../docs')

test('docs/configuration.md is what "sallyport config reference" prints', () => {
  assert.equal(readFileSync(join(docs, 'configuration.md'), 'utf8'), referencePage())
})

test('docs/sallyport.schema.json is what "sallyport config schema" prints, but for its layout', () => {
  const published = JSON.parse(readFileSync(join(docs, 'sallyport.schema.json'), 'utf8'))
  assert.deepEqual(published, JSON.parse(JSON.stringify(configJsonSchema())))
})

test('every key of the schema says what it means', () => {
  const silent: string[] = []
  const visit = (path: string, { properties = {}, items, additionalProperties, anyOf = [] }: JsonSchema): void => {
    for (const inner of [items, additionalProperties, ...anyOf]) if (inner) visit(path, inner)
    for (const [key, inner] of Object.entries(properties)) {
      if (!inner.description) silent.push(`${path}.${key}`)
      visit(`${path}.${key}`, inner)
    }
  }
  visit('', configJsonSchema())
  assert.deepEqual(silent, [])
})

for (const { path, keys } of [
  { path: ['routes', 0, 'match'], keys: ['hosts', 'path'] },
  { path: ['certificates', 1, 'acme'], keys: ['directory', 'email', 'ca'] },
  { path: ['upstreams', 'any', 'url'], keys: [] },
  { path: ['nowhere', 'at', 'all'], keys: [] },
]) {
  test(`the schema has ${keys.length} keys at ${path.join('.')}`, () =>
    assert.deepEqual(keysAt(configJsonSchema(), path), keys))
}
