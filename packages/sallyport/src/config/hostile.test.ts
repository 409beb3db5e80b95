import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { configBytesMax, configDepthMax, faultsShownMax } from './bounds.ts'
import { ConfigError } from './fault.ts'
import { parseConfig } from './parse.ts'
import { example } from './reference.ts'

/** Reads, or fails with faults that have a place in the text; anything else fails the test. */
function read(text: string): ConfigError | null {
  try {
    parseConfig(text, 'sallyport.yaml')
    return null
  } catch (error) {
    assert.ok(error instanceof ConfigError, `not a ConfigError: ${String(error)}`)
    const count = text.split('\n').length
    assert.ok(error.faults.length > 0)
    for (const { line, column, message } of error.faults) {
      assert.ok(line >= 1 && line <= count && column >= 1, `${line}:${column}`)
      assert.doesNotMatch(message, /[\0-\x1f]|untold|undefined|\[object/)
    }
    return error
  }
}

test('whatever text is given, nothing but the error of a configuration leaves', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void read(text)))
})

test('whatever YAML marks are strung together, nothing but the error of a configuration leaves', () => {
  const mark = fc.constantFrom(
    ...[
      '- ',
      ': ',
      '? ',
      '&a ',
      '*a',
      '<<',
      '!!map ',
      '%YAML 1.1',
      '---',
      '...',
      '|',
      '>',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
    ],
    ...[
      ',',
      '#',
      '\n',
      '  ',
      '\t',
      '~',
      'version',
      'routes',
      '__proto__',
      'constructor',
      '1',
      '0x1',
      '.nan',
      '2026-01-01',
    ],
  )
  fc.assert(
    fc.property(fc.array(mark, { maxLength: 40 }), (marks) => void read(marks.join(''))),
    { numRuns: 1_000 },
  )
})

test('whatever values stand at the known keys, nothing but the error of a configuration leaves', () => {
  const keys = [
    'version',
    'listeners',
    'upstreams',
    'routes',
    'rules',
    'certificates',
    'admin',
    'bounds',
    'match',
    'use',
  ]
  const value = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys, 'hosts', 'listen', 'name', 'url', 'upstream', '__proto__'), tie('node')),
    ),
  })).node
  fc.assert(fc.property(value, (node) => void read(JSON.stringify(node))))
})

test('a sound file with a piece cut out or doubled is read, or refused at a place', () => {
  const at = fc.nat({ max: example.length })
  fc.assert(
    fc.property(at, at, (from, to) => void read(example.slice(0, from) + example.slice(to))),
    { numRuns: 500 },
  )
})

test('names that JavaScript knows are ordinary names of upstreams', () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
    const text = `version: 1
listeners: [{ name: a, listen: 127.0.0.1:1 }]
upstreams: { ${name}: { url: http://a.test } }
routes: [{ upstream: ${name} }]
`
    assert.equal(read(text), null, name)
    assert.match(String(read(text.replace(`upstream: ${name}`, 'upstream: valueOf'))), /no upstream is named valueOf/)
  }
})

test('a key named __proto__ is refused like any other unknown key', () => {
  assert.match(String(read('version: 1\n__proto__: { listeners: [] }\n')), /:2:1: unknown key "__proto__"/)
})

for (const open of ['[', '{a: ', '- ', '? ']) {
  test(`"${open}" nested without end is refused at its depth, before anything recurses over it`, () => {
    assert.match(String(read(open.repeat(20_000))), /nested more than 32 levels/)
  })
}

test('as many levels as may be are read', () => {
  const nested = (levels: number): string => `version: 1\ndata: ${'['.repeat(levels)}${']'.repeat(levels)}\n`
  assert.match(String(read(nested(configDepthMax))), /:2:7: a list is no path/)
  assert.match(String(read(nested(configDepthMax + 1))), /nested more than/)
})

test('a file of the greatest length is read, and one a byte longer is not', () => {
  const padded = `${example}#`.padEnd(configBytesMax, 'x')
  assert.equal(read(padded), null)
  assert.match(String(read(`${padded}x`)), /longer than 262144 bytes/)
})

test('faults without end are counted, not all listed', () => {
  const keys = Array.from({ length: 1_000 }, (_, at) => `k${at}: 1\n`).join('')
  const lines = read(keys)!.message.split('\n')
  assert.equal(lines.length, faultsShownMax + 1)
  assert.equal(lines.at(-1), 'sallyport.yaml: and 951 more')
})
