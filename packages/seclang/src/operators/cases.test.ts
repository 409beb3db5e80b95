/** What each operator matches, as rows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contextWith } from './context.fixture.ts'
import { findOperator } from './index.ts'

interface Case {
  readonly asks: string
  readonly yes?: readonly string[]
  readonly no?: readonly string[]
}

const files = {
  'words.data': '# comment\n\n  SELECT from \r\n\t#another\nunion\tall\ncaf\xc3\xa0',
  'more.data': 'drop table',
  'nets.data': '# office\n192.0.2.0/24\r\n 2001:db8::1 \n',
  'empty.data': '# nothing\n',
}

const cases: readonly Case[] = [
  { asks: 'contains Abc', yes: ['Abc', 'xAbcx'], no: ['abc', 'Ab c', ''] },
  { asks: 'contains ', yes: ['', 'x'] },
  { asks: 'strmatch abc', yes: ['xabcx'], no: ['ABC', 'ab'] },
  { asks: 'beginsWith GET', yes: ['GET', 'GET /'], no: ['get /', ' GET', 'GE'] },
  { asks: 'endsWith .pdf', yes: ['.pdf', 'a.pdf'], no: ['.PDF', '.pdf ', 'pdf'] },
  { asks: 'streq GET', yes: ['GET'], no: ['GET ', 'get', ''] },
  { asks: 'streq ', yes: [''], no: [' '] },
  {
    asks: 'containsWord abc',
    yes: ['abc', 'x abc', 'abc1', '_abc_', 'abcx abc', '\xe9abc\xc9'],
    no: ['abcx', 'xabc', 'ABC'],
  },
  { asks: 'containsWord aa', yes: ['aa', 'baa aa'], no: ['aaa', 'aaaa'] },
  { asks: 'containsWord a-a', yes: ['xa-a-a'], no: ['xa-a'] },
  { asks: 'rx ^ab.c$', yes: ['ab\nc', 'x\nab c\ny'], no: ['AB c', ''] },
  { asks: 'rx ', yes: ['', 'x'] },
  { asks: 'rxGlobal b+', yes: ['abba'], no: ['B'] },
  {
    asks: 'verifyCC [0-9]{13,16}',
    yes: ['4111111111111111', '94111111111111111', '7777777777774111111111111111'],
    no: ['411111111111', ''],
  },
  { asks: 'verifyCC (?:\\d[ -]?){13,16}', yes: ['order 1234 4111 1111 1111 1111'], no: ['4111 1111'] },
  {
    asks: 'verifyCC (?:^|[^\\d])(\\d{16})(?:[^\\d]|$)',
    yes: ['4111111111111111', 'x4111111111111111y'],
    no: ['94111111111111111'],
  },
  { asks: 'verifyCPF [0-9.-]+', yes: ['CPF 529.982.247-25.'], no: ['529.982.247-26'] },
  { asks: 'verifySSN \\d{3}-?\\d{2}-?\\d{4}', yes: ['x 078-05-1120'], no: ['800-05-1120'] },
  { asks: 'verifySVNR \\d{4} ?\\d{6}', yes: ['1237 010180'], no: ['1238 010180'] },
  { asks: 'detectSQLi ', yes: ["1' or 1=1--"], no: ['plain text', ''] },
  { asks: 'detectXSS ', yes: ['<script>'], no: ['plain text', ''] },
  { asks: 'within GET HEAD POST', yes: ['GET', 'HEAD', '', 'ET HE'], no: ['get', 'PUT', 'GET  HEAD'] },
  { asks: 'within |text/html|', yes: ['|text/html|'], no: ['|text|', '|text/html|x'] },
  { asks: 'eq 5', yes: ['5', ' 5', '+5', '05', '5x', '5.9', '\t\n5'], no: ['-5', 'x5', '', '55'] },
  { asks: 'eq 0', yes: ['', 'x', '-0', '0x1', '--1', '\xa05'], no: ['1'] },
  { asks: 'eq -3', yes: ['-3', '-3.5'], no: ['3'] },
  { asks: 'gt 10', yes: ['11', '99999999999999999999999'], no: ['10', '-99999999999999999999999', ''] },
  { asks: 'ge 10', yes: ['10', '11'], no: ['9', 'x'] },
  { asks: 'lt 10', yes: ['9', '', '-99999999999999999999999'], no: ['10', '4294967296', '18446744073709551616'] },
  { asks: 'le 10', yes: ['10', '-1'], no: ['11'] },
  { asks: 'pm gzip |62 72|', yes: ['GZip', 'a br b'], no: ['gz ip', ''] },
  {
    asks: 'pmFromFile words.data more.data',
    yes: ['select FROM', 'x union\tall', 'Drop Table', 'caf\xc3\xa0'],
    no: ['select', '# comment', 'caf\xc3', ''],
  },
  { asks: 'pmf words.data', yes: ['SELECT FROM'], no: ['drop table'] },
  { asks: 'ipMatch 127.0.0.1,::1', yes: ['127.0.0.1', '::1', '::ffff:127.0.0.1'], no: ['127.0.0.2', 'localhost', ''] },
  { asks: 'ipMatchFromFile nets.data', yes: ['192.0.2.9', '2001:db8::1'], no: ['192.0.3.1'] },
  { asks: 'ipMatchF nets.data', yes: ['192.0.2.9'], no: [''] },
  { asks: 'ipMatchF empty.data', no: ['192.0.2.9', ''] },
  { asks: 'validateByteRange 1-255', yes: ['\0', 'a\0'], no: ['', 'a\xff'] },
  { asks: 'validateByteRange 9, 10,13 ,32 - 126', yes: ['\x7f', '\x1f', '\xe9'], no: ['a\t\r\n~', ''] },
  { asks: 'validateUrlEncoding ', yes: ['%', '%4', '%zz', '%4g', '%%41', 'a%41%'], no: ['', 'a', '%41%fF', '+'] },
  {
    asks: 'validateUtf8Encoding ',
    yes: [
      '\x80',
      '\xc3',
      '\xc3A',
      '\xc0\x80',
      '\xc1\xbf',
      '\xe0\x9f\xbf',
      '\xed\xa0\x80',
      '\xef\xbf',
      '\xf0\x8f\xbf\xbf',
      '\xf4\x90\x80\x80',
      '\xf5\x80\x80\x80',
      '\xff',
    ],
    no: ['', 'a\0', '\xc3\xa9', '\xe0\xa0\x80', '\xed\x9f\xbf', '\xef\xbf\xbf', '\xf0\x90\x80\x80', '\xf4\x8f\xbf\xbf'],
  },
  { asks: 'unconditionalMatch ', yes: ['', 'x'] },
  { asks: 'noMatch ', no: ['', 'x'] },
  { asks: 'geoLookup ', no: ['', '192.0.2.1'] },
]

for (const { asks, yes = [], no = [] } of cases) {
  test(`@${asks}`, () => {
    const space = asks.indexOf(' ')
    const operator = findOperator(asks.slice(0, space))
    assert.ok(operator !== undefined, 'the operator exists')
    const matches = operator.compile(asks.slice(space + 1), contextWith(files))
    for (const value of yes) assert.ok(matches(value, null), `matches ${JSON.stringify(value)}`)
    for (const value of no) assert.ok(!matches(value, null), `does not match ${JSON.stringify(value)}`)
  })
}

const refusals: readonly { readonly asks: string; readonly says: RegExp }[] = [
  { asks: 'pm ', says: /at least one phrase/ },
  { asks: 'pm a|b', says: /\|7C\|/ },
  { asks: 'pmFromFile ', says: /path of a file/ },
  { asks: 'pmFromFile absent.data', says: /cannot read "absent.data": no such file/ },
  { asks: 'pmFromFile https://example.com/x.data', says: /local files only/ },
  { asks: 'pmFromFile empty.data', says: /no phrase/ },
  { asks: 'ipMatch ', says: /needs addresses/ },
  { asks: 'ipMatch 10.0.0.0/100', says: /from 0 to 32/ },
  { asks: 'ipMatch 10.0.0.1,', says: /not an address/ },
  { asks: 'ipMatchFromFile words.data', says: /"SELECT from" is not an address/ },
  { asks: 'rx a(b', says: /@rx: at byte \d+ of the expression/ },
  { asks: 'rxGlobal [z-a]', says: /@rxGlobal: at byte \d+/ },
  { asks: 'verifyCC [', says: /@verifyCC: at byte \d+/ },
  { asks: 'verifySSN ', says: /needs an expression/ },
  { asks: 'validateByteRange 0-256', says: /0 to 255/ },
  { asks: 'validateByteRange 300', says: /0 to 255/ },
  { asks: 'validateByteRange 20-10', says: /lower one first/ },
  { asks: 'validateByteRange 1-2-3', says: /not a byte range/ },
]

for (const { asks, says } of refusals) {
  test(`@${asks} is refused: ${says.source}`, () => {
    const space = asks.indexOf(' ')
    const operator = findOperator(asks.slice(0, space))
    assert.throws(() => operator?.compile(asks.slice(space + 1), contextWith(files)), {
      name: 'OperatorError',
      message: says,
    })
  })
}

const warnings: readonly { readonly asks: string; readonly says: RegExp | null }[] = [
  { asks: 'eq five', says: /reads "five" as 0/ },
  { asks: 'gt %', says: /reads "%" as 0/ },
  { asks: 'eq ', says: null },
  { asks: 'eq  -7 ', says: null },
  { asks: 'validateByteRange ', says: /allows no byte/ },
  { asks: 'validateByteRange any', says: /as byte 0/ },
  { asks: 'validateByteRange 1-255', says: null },
  { asks: 'geoLookup ', says: /no database/ },
]

for (const { asks, says } of warnings) {
  test(`@${asks} ${says === null ? 'compiles in silence' : `warns: ${says.source}`}`, () => {
    const space = asks.indexOf(' ')
    const context = contextWith()
    findOperator(asks.slice(0, space))?.compile(asks.slice(space + 1), context)
    if (says === null) assert.deepEqual(context.warnings, [])
    else assert.match(context.warnings.join(), says)
  })
}
