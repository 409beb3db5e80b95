import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, faultLine } from './fault.ts'
import { configJsonSchema, type JsonSchema, withoutNull } from './json-schema.ts'
import { later } from './later.ts'
import type { Located } from './located.ts'
import { parseConfig } from './parse.ts'
import { printConfig } from './print.ts'
import { example } from './reference.ts'
import { readYaml } from './yaml.ts'

/** A case: the file, a line of dashes, and what comes of it: faults, else warnings, else the whole configuration. */
const folder = join(import.meta.dirname, 'cases')
const line = /^-{10,}\n/m
const file = '/etc/sallyport/sallyport.yaml'

const cases = readdirSync(folder).map((name) => {
  const [input = '', expected] = readFileSync(join(folder, name), 'utf8').split(line)
  return { name: name.replace('.yaml', '').replaceAll('-', ' '), input, expected }
})

for (const { name, input, expected } of cases) {
  test(`a configuration with ${name} gives what its case says`, () => assert.equal(outcome(input), expected))
}

function outcome(input: string): string {
  try {
    const { config, warnings } = parseConfig(input, file)
    if (warnings.length > 0) return lines(warnings.map((one) => `${faultLine(one)} (warning)`).join('\n'))
    return printConfig(config)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return lines(error.message)
  }
}

function lines(message: string): string {
  return `${message.replaceAll(`${file}:`, 'FILE:')}\n`
}

for (const { name, input } of [...cases, { name: 'the example of the page', input: example }]) {
  if (outcome(input).startsWith('FILE:') && !outcome(input).includes('(warning)')) continue
  test(`what is printed of ${name} reads back as the same configuration`, () => {
    const { config } = parseConfig(input, file)
    assert.deepEqual(parseConfig(printConfig(config), file).config, config)
  })
}

test('every key of the schema, and every key that is not in this version, stands in a case', () => {
  const tried = new Set(cases.flatMap(({ input }) => [...writtenKeys(input)]))
  const waiting = later.map(({ key }) => key)
  const lacking = [...schemaKeys('', configJsonSchema()), ...waiting].filter((key) => !tried.has(key))
  assert.deepEqual(lacking, [])
})

/** `listeners.name`: without the indexes of lists and the names of upstreams. */
function* schemaKeys(path: string, schema: JsonSchema): Generator<string> {
  const node = withoutNull(schema)
  for (const inner of [node.items, node.additionalProperties]) if (inner) yield* schemaKeys(path, inner)
  for (const [key, inner] of Object.entries(node.properties ?? {})) {
    const here = path === '' ? key : `${path}.${key}`
    yield here
    yield* schemaKeys(here, inner)
  }
}

function writtenKeys(input: string): Set<string> {
  const keys = new Set<string>()
  const visit = (path: readonly string[], node: Located): void => {
    keys.add(path.filter((_, at) => path[at - 1] !== 'upstreams').join('.'))
    for (const [key, { value }] of node.inner) visit(typeof key === 'number' ? path : [...path, key], value)
  }
  try {
    visit([], readYaml(input, file).root)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
  }
  return keys
}
