import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { makePair } from './certificates-under-test.ts'
import { covers, hostName } from './host-names.ts'

const written: readonly { readonly text: string; readonly name: string | null }[] = [
  { text: 'api.example.test', name: 'api.example.test' },
  { text: 'API.Example.Test', name: 'api.example.test' },
  { text: '*.example.test', name: '*.example.test' },
  { text: 'bücher.example', name: 'xn--bcher-kva.example' },
  { text: '*.bücher.example', name: '*.xn--bcher-kva.example' },
  { text: 'localhost', name: 'localhost' },
  { text: '127.0.0.1', name: '127.0.0.1' },
  { text: '::1', name: '::1' },
  { text: '[::1]', name: '::1' },
  { text: '[127.0.0.1]', name: null },
  { text: '*.[::1]', name: null },
  { text: '', name: null },
  { text: '*', name: null },
  { text: '*.', name: null },
  { text: '*.*.example.test', name: null },
  { text: 'a.*.example.test', name: null },
  { text: '*.127.0.0.1', name: null },
  { text: '2130706433', name: null },
  { text: '-a.example.test', name: null },
  { text: 'a..example.test', name: null },
  { text: 'example.test.', name: null },
  { text: 'a b.example.test', name: null },
  { text: 'example.test:443', name: null },
  { text: `${'a'.repeat(64)}.example.test`, name: null },
  { text: `${'a.'.repeat(126)}aa`, name: null },
]
for (const { text, name } of written) {
  test(`"${text.slice(0, 30)}" is ${name === null ? 'no host name' : `compared as ${name}`}`, () =>
    assert.equal(hostName(text), name))
}

test('any text is a name that stays as it is, or none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(fc.nat({ max: 0x10ffff })).map((codes) => String.fromCodePoint(...codes)),
        fc.string({ unit: fc.constantFrom(...'aZ1-_.*[]:é') }),
      ),
      (text) => {
        const name = hostName(text)
        assert.equal(name === null ? null : hostName(name), name)
      },
    ),
  )
})

test('alternative names cover what a client accepts: wildcards for one label, the common name for nothing', async () => {
  const { cert } = await makePair({ hosts: ['one.example.test', '*.wild.example.test', '192.0.2.7'] })
  const certificate = new X509Certificate(cert)
  const rows: readonly (readonly [string, boolean])[] = [
    ['one.example.test', true],
    ['two.example.test', false],
    ['a.wild.example.test', true],
    ['*.wild.example.test', true],
    ['a.b.wild.example.test', false],
    ['wild.example.test', false],
    ['*.example.test', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    [certificate.subject.slice('CN='.length), false],
  ]
  for (const [host, expected] of rows) assert.equal(covers(certificate, host), expected, host)
})
