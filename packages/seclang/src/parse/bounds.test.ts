import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  directiveCharactersMax,
  includeDepthMax,
  ruleDirectivesMax,
  ruleFileBytesMax,
  ruleFilesMax,
} from '../bounds.ts'
import { type ParseContext, parse } from './parse.ts'
import { SecLangError } from './syntax.ts'

const alone: ParseContext = { include: () => [], warn: () => {} }

function messageOf(text: string, context: ParseContext = alone): string {
  try {
    parse(text, 'f', context)
    return 'parsed'
  } catch (error) {
    assert.ok(error instanceof SecLangError, `threw ${error}`)
    return error.message
  }
}

const nested = (levels: number): ParseContext => ({
  ...alone,
  include: (pattern) => {
    const level = Number(pattern)
    return [{ file: pattern, text: level < levels ? `Include ${level + 1}` : 'SecMarker end' }]
  },
})
const many = (count: number): ParseContext => ({
  ...alone,
  include: () => Array.from({ length: count }, (_, index) => ({ file: `${index}`, text: '' })),
})
const marker = 'SecMarker a\n'
const action1 = 'SecAction "id:1'

const bounds: readonly {
  what: string
  at: (size: number) => readonly [string, ParseContext]
  max: number
  says: RegExp
}[] = [
  {
    what: 'bytes of a file',
    max: ruleFileBytesMax,
    says: /the file has \d+ bytes/,
    at: (size) => ['\n'.repeat(size), alone],
  },
  {
    what: 'characters of a directive',
    max: directiveCharactersMax,
    says: /"SecAction" has \d+ characters/,
    at: (size) => [`${action1}${' '.repeat(size - action1.length - 1)}"`, alone],
  },
  {
    what: 'directives',
    max: ruleDirectivesMax,
    says: /is one directive too many/,
    at: (size) => [marker.repeat(size), alone],
  },
  { what: 'levels of Include', max: includeDepthMax, says: /too deep/, at: (size) => ['Include 1', nested(size)] },
  { what: 'files', max: ruleFilesMax - 1, says: /is one file too many/, at: (size) => ['Include *', many(size)] },
]

for (const { what, at, max, says } of bounds) {
  test(`the bound on ${what} is read, and one more is refused`, () => {
    assert.equal(messageOf(...at(max)), 'parsed')
    assert.match(messageOf(...at(max + 1)), says)
  })
}

test('an include that would double at each level ends at the bound on files', () => {
  let next = 0
  const include: ParseContext['include'] = (level) => {
    const text = Number(level) < includeDepthMax ? `Include ${Number(level) + 1}` : ''
    return [
      { file: `${next++}`, text },
      { file: `${next++}`, text },
    ]
  }
  assert.match(messageOf('Include 1', { ...alone, include }), /is one file too many/)
})

/** Quadratic work on these would take minutes: each fills a directive to its bound. */
const hostile = [
  '|',
  ',',
  '\\\n',
  '\\"',
  "\\'",
  '/|',
  "':'",
  'a:b,',
  'A|',
  ' ,',
  '\\',
  '`',
  '!',
  '1-2,',
  "A:'\\'",
  'A:/',
  '\\ ',
  '"\\\n',
]

for (const unit of hostile) {
  test(`a directive full of ${JSON.stringify(unit)} is read in one pass`, () => {
    const filling = unit.repeat(Math.floor(directiveCharactersMax / unit.length) - directiveCharactersMax / 1024)
    for (const head of [
      'SecAction ',
      'SecRule ',
      'SecRuleRemoveById ',
      'SecRuleUpdateTargetById 1 ',
      '# SecRule',
      '',
    ]) {
      messageOf(`${head}"${filling}" x`)
      messageOf(`${head}${filling} x`)
    }
  })
}
