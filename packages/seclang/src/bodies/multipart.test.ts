import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { multipartPartHeadersBytesMax } from '../bounds.ts'
import { flagsOf, pairsOf, testBounds } from './bodies.fixture.ts'
import type { ParsedBody } from './body.ts'
import { multipart } from './multipart.ts'

const type = 'multipart/form-data; boundary=B'
const read = (body: string, contentType = type): ParsedBody => multipart(body, contentType, testBounds)
const part = (headers: string, content: string): string => `--B\r\n${headers}\r\n\r\n${content}\r\n`
const field = (name: string, content: string): string => part(`Content-Disposition: form-data; name="${name}"`, content)
const end = '--B--\r\n'

test('parts become arguments, files and header lines', () => {
  const upload = part(
    'Content-Disposition: form-data; name="f"; filename="x.txt"\r\nContent-Type: text/plain',
    '\0\r\n--',
  )
  const parsed = read(field('a', '1') + upload + field('a', '') + end)
  assert.equal(parsed.error, null)
  assert.deepEqual(flagsOf(parsed), [])
  assert.deepEqual(pairsOf(parsed.args), ['a=1', 'a='])
  assert.deepEqual(parsed.files, [{ field: 'f', fileName: 'x.txt', size: 5, content: '\0\r\n--' }])
  assert.deepEqual(pairsOf(parsed.partHeaders), [
    'a=Content-Disposition: form-data; name="a"',
    'f=Content-Disposition: form-data; name="f"; filename="x.txt"',
    'f=Content-Type: text/plain',
    'a=Content-Disposition: form-data; name="a"',
  ])
})

interface Row {
  readonly when: string
  readonly body: string
  readonly args: readonly string[]
  readonly flags?: readonly string[]
  readonly error?: RegExp
}

const a = field('a', '1')
const disposition = 'Content-Disposition: form-data; name="a"'

const rows: readonly Row[] = [
  { when: 'there is no body', body: '', args: [] },
  { when: 'there are no parts', body: end, args: [] },
  { when: 'the last line has no end', body: `${a}--B--`, args: ['a=1'] },
  { when: 'a PEM file is sent', body: field('a', '-----KEY-----') + end, args: ['a=-----KEY-----'] },
  { when: 'the content is empty and its line too', body: `--B\r\n${disposition}\r\n\r\n${end}`, args: ['a='] },
  { when: 'an empty file input is sent', body: part(`${disposition}; filename=""`, '') + end, args: ['a='] },
  { when: 'header names are in another case', body: part(disposition.toLowerCase(), '1') + end, args: ['a=1'] },
  {
    when: 'a part says 8bit',
    body: part(`${disposition}\r\nContent-Transfer-Encoding: 8bit`, '1') + end,
    args: ['a=1'],
  },
  // Flags
  { when: 'lines end in LF', body: (a + end).replaceAll('\r\n', '\n'), args: ['a=1'], flags: ['lfLine'] },
  { when: 'one line ends in LF', body: a + end.replace('\r', ''), args: ['a=1'], flags: ['lfLine', 'crlfLfLines'] },
  {
    when: 'LF alone stands before a delimiter',
    body: `${field('a', '1').slice(0, -2)}\n${end}`,
    args: ['a=1'],
    flags: ['lfLine', 'crlfLfLines'],
  },
  { when: 'bytes stand before the first part', body: `x\r\n${a}${end}`, args: ['a=1'], flags: ['dataBefore'] },
  { when: 'an empty line stands before it', body: `\r\n${a}${end}`, args: ['a=1'], flags: ['dataBefore'] },
  { when: 'a part comes after the end', body: a + end + field('b', '2') + end, args: ['a=1'], flags: ['dataAfter'] },
  {
    when: 'a header is folded',
    body: part('Content-Disposition: form-data;\r\n name="a"', '1') + end,
    args: ['a=1'],
    flags: ['headerFolding'],
  },
  {
    when: 'a header is folded at other white space',
    body: part('Content-Disposition: form-data;\r\n\v name="a"', '1') + end,
    args: ['=1'],
    flags: ['headerFolding', 'invalidPart', 'invalidHeaderFolding'],
    error: /invalid character/,
  },
  { when: 'quotes are escaped', body: field('a\\"', '1') + end, args: ['a"=1'], flags: ['invalidQuoting'] },
  {
    when: 'a delimiter is in a line',
    body: field('a', 'x --B') + end,
    args: ['a=x --B'],
    flags: ['unmatchedBoundary'],
  },
  {
    when: 'CR alone is before one',
    body: field('a', 'x\r--B') + end,
    args: ['a=x\r--B'],
    flags: ['unmatchedBoundary'],
  },
  { when: 'a blank is in one', body: field('a', '-- B') + end, args: ['a=-- B'], flags: ['unmatchedBoundary'] },
  { when: 'a quote is in one', body: field('a', '--"B"') + end, args: ['a=--"B"'], flags: ['unmatchedBoundary'] },
  // Errors
  { when: 'no delimiter is there', body: 'a=1', args: [], error: /No boundaries/ },
  { when: 'the final delimiter is missing', body: a, args: ['a=1'], error: /Final boundary missing/ },
  { when: 'text follows a delimiter', body: `${a}--Bx\r\n${end}`, args: ['a=1\r\n--Bx'], error: /Invalid boundary/ },
  { when: 'blanks follow a delimiter', body: `${a}--B \r\n${end}`, args: ['a=1\r\n--B '], error: /Invalid boundary/ },
  { when: 'text follows the end', body: `${a}--B--x`, args: ['a=1\r\n--B--x'], error: /Final boundary missing/ },
  {
    when: 'the disposition is missing',
    body: part('Content-Type: text/plain', '1') + end,
    args: ['=1'],
    flags: ['invalidPart'],
    error: /missing Content-Disposition/,
  },
  { when: 'the name is missing', body: field('', '1') + end, args: ['=1'], flags: ['invalidPart'], error: /name/ },
  {
    when: 'the empty line is missing',
    body: `--B\r\n${disposition}\r\n${end}`,
    args: ['a='],
    flags: ['invalidPart'],
    error: /without an end/,
  },
  {
    when: 'a header comes twice',
    body: part(`${disposition}\r\n${disposition}`, '1') + end,
    args: ['a=1'],
    error: /Duplicate/,
  },
  {
    when: 'a header has no colon',
    body: part(`${disposition}\r\nx`, '1') + end,
    args: ['a=1'],
    error: /colon missing/,
  },
  {
    when: 'a header has no name',
    body: part(`${disposition}\r\n: x`, '1') + end,
    args: ['a=1'],
    error: /name missing/,
  },
  { when: 'a header has a NUL', body: part(`${disposition}\r\nx: \0`, '1') + end, args: ['a=1'], error: /Nul byte/ },
  {
    when: 'a header has CR alone',
    body: part(`${disposition}\r\nx: a\rb`, '1') + end,
    args: ['a=1'],
    error: /invalid char/,
  },
  {
    when: 'a name has a control character',
    body: part(`${disposition}\r\n\x0ex: y`, '1') + end,
    args: ['a=1'],
    error: /invalid char/,
  },
  {
    when: 'a blank stands before the colon',
    body: part(`${disposition}\r\nx : y`, '1') + end,
    args: ['a=1'],
    error: /invalid char/,
  },
  {
    when: 'the first header line is folded',
    body: part(` x: y\r\n${disposition}`, '1') + end,
    args: ['a=1'],
    flags: ['headerFolding'],
    error: /folding/,
  },
  {
    when: 'parts are nested',
    body: part(`${disposition}\r\nContent-Type: multipart/mixed; boundary=C`, '1') + end,
    args: ['a=1'],
    error: /parts of its own/,
  },
  {
    when: 'a part is base64',
    body: part(`${disposition}\r\nContent-Transfer-Encoding: base64`, 'MQ==') + end,
    args: ['a=MQ=='],
    error: /transfer encoding/,
  },
  {
    when: 'a part is UTF-7',
    body: part(`${disposition}\r\nContent-Type: text/plain; charset=utf-7`, '1') + end,
    args: ['a=1'],
    error: /charset/,
  },
  {
    when: 'all parts are UTF-7',
    body: field('_charset_', 'utf-7') + a + end,
    args: ['_charset_=utf-7', 'a=1'],
    error: /charset/,
  },
  { when: 'all parts are UTF-8', body: field('_charset_', 'UTF-8') + a + end, args: ['_charset_=UTF-8', 'a=1'] },
]

for (const { when, body, args, flags = [], error } of rows) {
  test(`when ${when}, nothing passes unread or unreported`, () => {
    const parsed = read(body)
    assert.deepEqual(pairsOf(parsed.args), args)
    assert.deepEqual(flagsOf(parsed), flags)
    if (error === undefined) assert.equal(parsed.error, null)
    else assert.match(parsed.error ?? '', error)
  })
}

test('a Content-Type that parsers read differently is reported', () => {
  assert.deepEqual(flagsOf(read(a + end, 'multipart/form-data boundary = "B"')), [
    'boundaryQuoted',
    'boundaryWhitespace',
    'missingSemicolon',
  ])
  assert.match(read(a + end, 'multipart/form-data; boundary=B; boundary=C').error ?? '', /more than one boundary/)
  assert.match(read(a + end, 'multipart/form-data; boundary=B; charset=utf-7').error ?? '', /charset/)
})

test('a folded header is one line of MULTIPART_PART_HEADERS', () => {
  const parsed = read(part(`${disposition}\r\nContent-Type: text/plain;\r\n charset=utf-8`, '1') + end)
  assert.equal(parsed.partHeaders[1]?.value, 'Content-Type: text/plain; charset=utf-8')
})

test('the last part, value and header byte within the bounds are read, the next are errors', () => {
  assert.equal(read(a.repeat(testBounds.partsMax) + end).error, null)
  const parts = read(a.repeat(testBounds.partsMax + 1) + end)
  assert.equal(parts.args.length, testBounds.partsMax)
  assert.deepEqual(flagsOf(parts), ['fileLimitExceeded'])
  assert.match(parts.error ?? '', /more than 6 parts/)

  const lines = (count: number): string => Array.from({ length: count }, (_, line) => `\r\nx${line}: y`).join('')
  assert.equal(read(part(disposition + lines(testBounds.valuesMax - 2), '1') + end).error, null)
  const values = read(part(disposition + lines(testBounds.valuesMax - 1), '1') + end)
  assert.match(values.error ?? '', /more than 50 values/)
  assert.deepEqual(values.partHeaders, [])

  const padding = multipartPartHeadersBytesMax - `${disposition}\r\nx: \r\n\r\n`.length
  assert.equal(read(part(`${disposition}\r\nx: ${'y'.repeat(padding)}`, '1') + end).error, null)
  assert.match(
    read(part(`${disposition}\r\nx: ${'y'.repeat(padding + 1)}`, '1') + end).error ?? '',
    /part headers of more/,
  )
})

const text = fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)) })
const word = fc.stringMatching(/^[a-z_.<>;=&-]{1,8}$/).filter((name) => name !== '_charset_')
const parts = fc.array(fc.record({ name: word, fileName: fc.option(word), content: text }), {
  maxLength: testBounds.partsMax,
})

test('parts that are written as RFC 7578 says are read back', () => {
  fc.assert(
    fc.property(parts, (written) => {
      const boundary = 'boundary-of-this-test'
      const bodies = written.map(({ name, fileName, content }) => {
        const file = fileName === null ? '' : `; filename="${fileName}"`
        return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${content}\r\n`
      })
      const parsed = read(`${bodies.join('')}--${boundary}--\r\n`, `multipart/form-data; boundary=${boundary}`)
      assert.equal(parsed.error, null)
      assert.deepEqual(flagsOf(parsed), [])
      const fields = written.filter(({ fileName }) => fileName === null)
      assert.deepEqual(
        parsed.args.map(({ name, value }) => [name, value]),
        fields.map(({ name, content }) => [name, content]),
      )
      const files = written.filter(({ fileName }) => fileName !== null)
      assert.deepEqual(
        parsed.files.map(({ field: name, fileName, content }) => [name, fileName, content]),
        files.map(({ name, fileName, content }) => [name, fileName, content]),
      )
    }),
  )
})
