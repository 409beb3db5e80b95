import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Context } from './token.ts'
import { formatToken, nextToken, tokenizer } from './tokenize.ts'

const contexts: readonly Context[] = ['data', 'unquoted', 'single', 'double', 'back']

function tokens(text: string, context: Context): string[] {
  const html = tokenizer(text, context)
  const found: string[] = []
  while (nextToken(html)) found.push(formatToken(html))
  return found
}

const rows: readonly (readonly [asks: string, context: Context, text: string, gives: readonly string[]])[] = [
  ['text is one token', 'data', 'a > b', ['DATA_TEXT,5,a > b']],
  ['nothing gives nothing', 'data', '', []],
  ['text, a tag, text', 'data', 'a<b>c', ['DATA_TEXT,1,a', 'TAG_NAME_OPEN,1,b', 'TAG_NAME_CLOSE,1,>', 'DATA_TEXT,1,c']],
  ['a less-than sign before no letter is text', 'data', '<1<', ['DATA_TEXT,1,<', 'DATA_TEXT,1,1']],
  ['a tag closes itself', 'data', '<b / >', ['TAG_NAME_OPEN,1,b', 'TAG_NAME_CLOSE,1,>']],
  [
    'a tag closes itself without a space',
    'data',
    '<b c/>',
    ['TAG_NAME_OPEN,1,b', 'ATTR_NAME,1,c', 'TAG_NAME_SELFCLOSE,2,/>'],
  ],
  [
    'a slash parts attributes',
    'data',
    '<b/c/d=e',
    ['TAG_NAME_OPEN,1,b', 'ATTR_NAME,1,c', 'ATTR_NAME,1,d', 'ATTR_VALUE,1,e'],
  ],
  ['an end tag', 'data', '</b>c', ['TAG_CLOSE,1,b', 'DATA_TEXT,1,c']],
  [
    'an end tag with nothing or no letter in it',
    'data',
    '</></ b>c',
    ['DATA_TEXT,1,>', 'TAG_COMMENT,2, b', 'DATA_TEXT,1,c'],
  ],
  [
    'quotes of three kinds',
    'data',
    '<b c="d" e=\'f\' g=`h`i',
    [
      'TAG_NAME_OPEN,1,b',
      'ATTR_NAME,1,c',
      'ATTR_VALUE,1,d',
      'ATTR_NAME,1,e',
      'ATTR_VALUE,1,f',
      'ATTR_NAME,1,g',
      'ATTR_VALUE,1,h',
      'ATTR_NAME,1,i',
    ],
  ],
  [
    'a value may be empty, or never end',
    'data',
    '<b c= >',
    ['TAG_NAME_OPEN,1,b', 'ATTR_NAME,1,c', 'ATTR_VALUE,0,', 'TAG_NAME_CLOSE,1,>'],
  ],
  [
    'a quote that is not closed holds the rest',
    'data',
    '<b c="d>',
    ['TAG_NAME_OPEN,1,b', 'ATTR_NAME,1,c', 'ATTR_VALUE,2,d>'],
  ],
  ['a quote at the end is an empty value', 'data', "<b c='", ['TAG_NAME_OPEN,1,b', 'ATTR_NAME,1,c', 'ATTR_VALUE,0,']],
  ['an equals sign begins a name', 'data', '<b =c=d', ['TAG_NAME_OPEN,1,b', 'ATTR_NAME,2,=c', 'ATTR_VALUE,1,d']],
  [
    'a comment ends at --> or --!>',
    'data',
    '<!--a--!b-->c<!--d--!>e',
    ['TAG_COMMENT,5,a--!b', 'DATA_TEXT,1,c', 'TAG_COMMENT,2,d-', 'DATA_TEXT,1,e'],
  ],
  ['NUL does not keep a comment open', 'data', '<!--a-\0-\0>b', ['TAG_COMMENT,1,a', 'DATA_TEXT,1,b']],
  ['a comment without end', 'data', '<!--a--', ['TAG_COMMENT,3,a--']],
  [
    'instructions and declarations are comments',
    'data',
    '<?a><!b><!>',
    ['TAG_COMMENT,1,a', 'TAG_COMMENT,1,b', 'TAG_COMMENT,0,'],
  ],
  ['percent comments end at %>', 'data', '<%a>%>b', ['TAG_COMMENT,2,a>', 'DATA_TEXT,1,b']],
  ['a doctype', 'data', '<!DocType a>', ['DOCTYPE,9,DocType a']],
  ['character data', 'data', '<![CDATA[a]]b]]>c<![CDATA[', ['DATA_TEXT,4,a]]b', 'DATA_TEXT,1,c', 'DATA_TEXT,0,']],
  [
    'an unquoted value ends at a blank',
    'unquoted',
    'a b=c>d',
    ['ATTR_NAME,1,a', 'ATTR_NAME,1,b', 'ATTR_VALUE,1,c', 'TAG_NAME_CLOSE,1,>', 'DATA_TEXT,1,d'],
  ],
  [
    'a quoted value ends at its quote alone',
    'double',
    'a\'b" c=d',
    ["ATTR_VALUE,3,a'b", 'ATTR_NAME,1,c', 'ATTR_VALUE,1,d'],
  ],
  ['in single quotes likewise', 'single', 'a"b\'>c', ['ATTR_VALUE,3,a"b', 'TAG_NAME_CLOSE,1,>', 'DATA_TEXT,1,c']],
  ['in back quotes likewise', 'back', '`/>', ['ATTR_VALUE,0,', 'TAG_NAME_SELFCLOSE,2,/>']],
]

for (const [asks, context, text, gives] of rows) {
  test(`tokenizer: ${asks}`, () => assert.deepEqual(tokens(text, context), gives))
}

const hostile = [
  '<',
  '<!--',
  '<!',
  '<a ',
  '</',
  '/',
  '>',
  '"',
  "'",
  '`',
  '=',
  '-',
  '\0',
  '<![CDATA[',
  ']]',
  '<%',
  ' ',
  'a',
  '&#0',
  '\xff',
]

test('the tokenizer reads forward only: tokens do not overlap and are no more than the bytes and one', () => {
  const text = fc.string({ unit: fc.constantFrom(...hostile) })
  fc.assert(
    fc.property(text, fc.constantFrom(...contexts), (value, context) => {
      const html = tokenizer(value, context)
      let behind = 0
      let count = 0
      while (nextToken(html)) {
        count++
        assert.ok(html.start >= behind - 1, 'a self-closing slash was skipped before it became part of its token')
        assert.ok(html.start <= html.end && html.end <= html.at && html.at <= value.length)
        behind = html.end
      }
      assert.ok(count <= value.length + 1)
    }),
    { numRuns: 2000 },
  )
})
