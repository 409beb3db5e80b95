import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ParseContext, parse } from './parse.ts'
import { type Position, SecLangError } from './syntax.ts'

const alone: ParseContext = { include: () => [], warn: () => {} }
const latin1 = fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) })

/** Pieces of real files, so that random input gets past the first word. */
const pieces = fc.constantFrom(
  ...[
    'SecRule ',
    'SecAction ',
    'SecMarker ',
    'SecRuleUpdateTargetById 1 ',
    'SecRuleRemoveById ',
    'Include x',
    '\xef\xbb\xbf',
  ],
  ...[
    'ARGS',
    '|',
    '!',
    '&',
    ':',
    '/',
    "'",
    '"',
    '`',
    '\\',
    '\\\n',
    '\\\r\n  ',
    '\n',
    '\r',
    ' ',
    '\t',
    ',',
    '#',
    '@rx ',
    'a',
  ],
  ...['id:1', 'chain', '%{', '}', '.', '-', '\\"', "\\'", 'XML:/*', 'SecRuleEngine On', '#SecRule a \\\n'],
)

function faultOf(text: string): SecLangError | null {
  try {
    parse(text, 'f', alone)
    return null
  } catch (error) {
    assert.ok(error instanceof SecLangError, `threw ${error}`)
    return error
  }
}

function assertInside(text: string, at: Position): void {
  const line = text.split('\n')[at.line - 1]
  assert.ok(line !== undefined, `line ${at.line} is not in the file`)
  assert.ok(at.column >= 1 && at.column <= line.length + 1, `column ${at.column} is not in line ${at.line}`)
}

test('any bytes are parsed, or refused at a place inside the file', () => {
  const inputs = fc.oneof(
    latin1,
    fc.array(fc.oneof({ weight: 9, arbitrary: pieces }, latin1)).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(inputs, (text) => {
      const error = faultOf(text)
      if (error === null) for (const directive of parse(text, 'f', alone)) assertInside(text, directive.at)
      else {
        assertInside(text, error.at)
        assert.match(error.message, /^f:\d+:\d+: [\x20-\x7e]+$/)
      }
    }),
    { numRuns: 3000 },
  )
})
