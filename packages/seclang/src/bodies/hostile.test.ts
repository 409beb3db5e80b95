/** What every processor promises, whatever the bytes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bodyDepthMax, bodyPartsMax, valuesMax } from '../bounds.ts'
import type { BodyBounds, ParsedBody, ProcessorName } from './body.ts'
import { parseCookies } from './cookies.ts'
import { bodyProcessors } from './index.ts'

const bounds: BodyBounds = { valuesMax, depthMax: bodyDepthMax, partsMax: bodyPartsMax }

const samples: Readonly<Record<ProcessorName, readonly [contentType: string, body: string]>> = {
  URLENCODED: ['application/x-www-form-urlencoded; charset=utf-8', 'a=%41+b&c[]=%u0041&%=x&=&c[]=1'],
  MULTIPART: [
    'multipart/form-data; boundary="B"',
    '--B\r\nContent-Disposition: form-data; name="a"; filename="x"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n1\r\n--B--\r\n',
  ],
  JSON: ['application/json', '{"a":[1,-0.5e+3,{"b":"\\u00e9\\ud83d\\ude00\\n"}],"":null,"c":{}}'],
  XML: ['text/xml', '<?xml version="1.0" encoding="utf-8"?><a x="&lt;"><b>\xc3\xa9</b><![CDATA[x]]><!--c--></a>'],
}
const names = Object.keys(samples) as ProcessorName[]

const byte = fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code))
const bytes = fc.string({ unit: byte, maxLength: 200 })

/** A text with some slices replaced, doubled or dropped. */
function mutated(text: string): fc.Arbitrary<string> {
  const edit = fc.tuple(fc.nat({ max: text.length }), fc.nat({ max: 4 }), fc.string({ unit: byte, maxLength: 3 }))
  return fc.array(edit, { maxLength: 4 }).map((edits) => {
    let result = text
    for (const [at, drop, put] of edits) result = result.slice(0, at) + put + result.slice(at + drop)
    return result
  })
}

/** Bytes that a parsed body holds; none may come from nowhere. */
function held(parsed: ParsedBody): number {
  const pairs = [...parsed.args, ...parsed.partHeaders].map(({ name, value }) => name.length + value.length)
  const files = parsed.files.map(({ field, fileName, content }) => field.length + fileName.length + content.length)
  const xml = [parsed.xml?.text ?? '', ...(parsed.xml?.attributes ?? [])].map((value) => value.length)
  return [...pairs, ...files, ...xml].reduce((sum, length) => sum + length, 0)
}

const isLatin1 = (text: string): boolean => !/[^\x00-\xff]/.test(text)

for (const name of names) {
  const [contentType, body] = samples[name]

  test(`${name} reads its sample without an error`, () => {
    assert.equal(bodyProcessors[name](body, contentType, bounds).error, null)
  })

  test(`${name} never throws and stays in proportion, whatever the body and its type`, () => {
    const bodies = fc.oneof(bytes, mutated(body))
    const types = fc.oneof(fc.constant(contentType), mutated(contentType), bytes)
    fc.assert(
      fc.property(bodies, types, (text, type) => {
        const parsed = bodyProcessors[name](text, type, bounds)
        for (const pair of [...parsed.args, ...parsed.partHeaders]) assert.ok(isLatin1(pair.name + pair.value))
        assert.ok(isLatin1(parsed.xml?.text ?? ''))
        // Flattened JSON names repeat their parents; everything else is at most the body, doubled where latin1 becomes UTF-8.
        assert.ok(name === 'JSON' || held(parsed) <= 2 * text.length + parsed.partHeaders.length * text.length)
      }),
      { numRuns: 1000 },
    )
  })
}

test('a Cookie header never throws, whatever the bytes', () => {
  fc.assert(fc.property(bytes, (header) => parseCookies(header).every(({ name }) => name !== '')))
})

const length = 300_000
const repeated = (text: string): string => text.repeat(length / text.length)

/** Inputs that take minutes where a reader goes over the rest of the body for each of its pieces. */
const long: readonly (readonly [ProcessorName, string])[] = [
  ...['a', '%', '%4', '=', '&', '+'].map((text) => ['URLENCODED', repeated(text)] as const),
  ...['[', '{"a":', '"', '\\', '"\\', '-', '1', ' '].map((text) => ['JSON', repeated(text)] as const),
  ...['B', '--B', '\n--B', '--B ', '--B\r\n', '-', '\n', ' '].map((text) => ['MULTIPART', repeated(text)] as const),
  ['MULTIPART', `--B\r\n${repeated('a: b\r\n')}`],
  ['MULTIPART', `--B\r\na: b\r\n${repeated(' c\r\n')}`],
  ['MULTIPART', `--B\r\nContent-Disposition: form-data; name="${repeated('\\"')}`],
  ...['<', '<a>', '&', '<a b="', '<!--', '<!', '<?'].map((text) => ['XML', repeated(text)] as const),
  ...['&lt;', '<b/>x', ']]', '&#60;', '&', '<!---->'].map((text) => ['XML', `<a>${repeated(text)}</a>`] as const),
  ['XML', `<a ${repeated('b="1" ')}/>`],
]

test('a long run of any opening, separator or escape is read in one pass', () => {
  for (const [name, body] of long) {
    const parsed = bodyProcessors[name](body, samples[name][0], bounds)
    assert.ok(held(parsed) <= 4 * length, `${name} of ${JSON.stringify(body.slice(0, 20))}`)
  }
})
