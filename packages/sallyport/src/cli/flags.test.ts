import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseListen, parseUpstream } from './flags.ts'

const addresses: readonly { given: string; host: string; port: number }[] = [
  { given: '127.0.0.1:8443', host: '127.0.0.1', port: 8443 },
  { given: 'localhost:0', host: 'localhost', port: 0 },
  { given: '[::1]:443', host: '::1', port: 443 },
  { given: '0.0.0.0:65535', host: '0.0.0.0', port: 65_535 },
]
for (const { given, host, port } of addresses) {
  test(`--listen ${given} is read as host and port`, () => assert.deepEqual(parseListen(given), { host, port }))
}

for (const given of [
  '',
  ':',
  '8443',
  ':8443',
  '127.0.0.1',
  '127.0.0.1:',
  'a:65536',
  'a:-1',
  'a:1e3',
  'a: 80',
  'a:0x50',
]) {
  test(`--listen "${given}" is refused with the way to write it`, () => {
    assert.throws(() => parseListen(given), /HOST:PORT/)
  })
}

const origins: readonly { given: string; origin: string }[] = [
  { given: 'http://127.0.0.1:3000', origin: 'http://127.0.0.1:3000' },
  { given: 'https://api.internal/', origin: 'https://api.internal' },
  { given: 'http://[::1]:80', origin: 'http://[::1]' },
]
for (const { given, origin } of origins) {
  test(`--upstream ${given} is read as an origin`, () => assert.equal(parseUpstream(given), origin))
}

for (const given of [
  '',
  '127.0.0.1:3000',
  'ftp://a',
  'http://',
  'http://a/v1',
  'http://a/?x',
  'http://a/#x',
  'http://u:p@a',
]) {
  test(`--upstream "${given}" is refused with the way to write it`, () => {
    assert.throws(() => parseUpstream(given), /http:\/\/HOST:PORT|scheme, host and port/)
  })
}

test('whatever is given, a flag is read or refused with a sentence', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (given) => {
      for (const parse of [parseListen, parseUpstream]) {
        try {
          parse(given)
        } catch (error) {
          assert.ok(error instanceof SyntaxError)
        }
      }
    }),
  )
})
