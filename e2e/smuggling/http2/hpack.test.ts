import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blockOf, fieldBytes, headerDecoder, integer, type Representation } from './hpack.ts'
import { huffmanDecoded, huffmanEncoded } from './huffman.ts'
import { staticTable } from './static-table.ts'

const latin1 = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1')

test('Huffman code is that of RFC 7541 Appendix C', () => {
  const rows = [
    ['www.example.com', 'f1e3c2e5f23a6ba0ab90f4ff'],
    ['no-cache', 'a8eb10649cbf'],
    ['Mon, 21 Oct 2013 20:13:21 GMT', 'd07abe941054d444a8200595040b8166e082a62d1bff'],
    [
      'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
      '94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ],
  ]
  for (const [text = '', hex = ''] of rows) {
    assert.equal(huffmanEncoded(text), latin1(hex))
    assert.equal(huffmanDecoded(latin1(hex)), text)
  }
  assert.equal(huffmanDecoded('\x00'), null)
})

test('the requests of RFC 7541 C.4 are read on one connection, table and all', () => {
  const { read } = headerDecoder()
  const first = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ]
  const cache = ['cache-control', 'no-cache']
  const rows = [
    { hex: '828684418cf1e3c2e5f23a6ba0ab90f4ff', fields: first },
    { hex: '828684be5886a8eb10649cbf', fields: [...first, cache] },
  ]
  for (const { hex, fields } of rows)
    assert.deepEqual(
      read(latin1(hex))?.map(({ name, value }) => [name, value]),
      fields,
    )
})

const representations: readonly Representation[] = ['plain', 'never', 'indexing', 'huffman', 'named', 'indexed']

test('whatever is written, in any representation, is read the same', () => {
  assert.equal(staticTable.length, 61)
  const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
  const name = fc.oneof(bytes, fc.constantFrom(':path', ':method'))
  const field = fc.tuple(name, fc.oneof(bytes, fc.constant('GET'))).map(([n, value]) => ({ name: n, value }))
  fc.assert(
    fc.property(fc.array(fc.tuple(field, fc.constantFrom(...representations))), (all) => {
      const fields = all.map(([one]) => one)
      const block = blockOf(fields, (at) => all[at]?.[1] ?? 'plain')
      assert.deepEqual(headerDecoder().read(block), fields)
    }),
  )
})

test('a table shrinks when its reader says so, and never grows over what was allowed', () => {
  const { read } = headerDecoder()
  const field = { name: 'x', value: 'y' }
  const last = integer(62, 7, 0x80)
  assert.deepEqual(read(fieldBytes(field, 'indexing') + last), [field, field])
  assert.equal(read(integer(0, 5, 0x20) + last), null)
  assert.equal(headerDecoder().read(integer(4097, 5, 0x20)), null)
})

test('no bytes make the reader throw', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void headerDecoder().read(Buffer.from(bytes).toString('latin1'))))
})
