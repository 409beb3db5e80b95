import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatAddress, isLocal, parseAddress } from './address.ts'
import { formatProxySource, parseProxySource } from './cidr.ts'
import { coversHost, parseCertificateHost, parseHost } from './host.ts'
import { formatRate, formatSize, formatTime, parseRate, parseSize, parseTime } from './quantities.ts'
import { suggest } from './suggest.ts'

const inAddress = (text: string): string | null => {
  const address = parseAddress(text, '/etc/sallyport')
  return address === null ? null : formatAddress(address)
}
const inProxySource = (text: string): string | null => {
  const source = parseProxySource(text)
  return source === null ? null : formatProxySource(source)
}
const inRate = (text: string): string | null => {
  const rate = parseRate(text)
  return rate === null ? null : `${rate.count} in ${rate.perMs}`
}

/** `is: null`: refused. */
const readings: readonly { read: (text: string) => unknown; text: string; is: unknown }[] = [
  { read: parseSize, text: '0B', is: 0 },
  { read: parseSize, text: '64KiB', is: 65_536 },
  { read: parseSize, text: '1MiB', is: 1_048_576 },
  { read: parseSize, text: '2GiB', is: 2_147_483_648 },
  { read: parseSize, text: '1MB', is: null },
  { read: parseSize, text: '1 MiB', is: null },
  { read: parseSize, text: '1.5MiB', is: null },
  { read: parseSize, text: '-1B', is: null },
  { read: parseSize, text: '99999999999GiB', is: null },
  { read: parseSize, text: '1KiB\n', is: null },
  { read: parseTime, text: '250ms', is: 250 },
  { read: parseTime, text: '10s', is: 10_000 },
  { read: parseTime, text: '2m', is: 120_000 },
  { read: parseTime, text: '1h', is: 3_600_000 },
  { read: parseTime, text: '1d', is: 86_400_000 },
  { read: parseTime, text: '10', is: null },
  { read: parseTime, text: '1M', is: null },
  { read: parseTime, text: '1m30s', is: null },
  { read: inRate, text: '100/s', is: '100 in 1000' },
  { read: inRate, text: '5/m', is: '5 in 60000' },
  { read: inRate, text: '5/h', is: '5 in 3600000' },
  { read: inRate, text: '5/d', is: null },
  { read: inRate, text: '5 / s', is: null },
  { read: inAddress, text: '127.0.0.1:8443', is: '127.0.0.1:8443' },
  { read: inAddress, text: 'LOCALHOST:0', is: 'localhost:0' },
  { read: inAddress, text: '[::1]:65535', is: '[::1]:65535' },
  { read: inAddress, text: 'unix:./data/hub.sock', is: 'unix:/etc/sallyport/data/hub.sock' },
  { read: inAddress, text: 'unix:/run/a.sock', is: 'unix:/run/a.sock' },
  { read: inAddress, text: '::1:80', is: null },
  { read: inAddress, text: '[127.0.0.1]:80', is: null },
  { read: inAddress, text: '[::1]', is: null },
  { read: inAddress, text: ':80', is: null },
  { read: inAddress, text: '*:80', is: null },
  { read: inAddress, text: '127.0.0.1:65536', is: null },
  { read: inAddress, text: '127.0.0.300:80', is: null },
  { read: inAddress, text: 'unix:', is: null },
  { read: inAddress, text: `unix:/${'a'.repeat(106)}`, is: `unix:/${'a'.repeat(106)}` },
  { read: inAddress, text: `unix:/${'a'.repeat(107)}`, is: null },
  { read: inProxySource, text: '10.0.0.0/8', is: '10.0.0.0/8' },
  { read: inProxySource, text: '192.0.2.1', is: '192.0.2.1/32' },
  { read: inProxySource, text: '2001:DB8::/32', is: '2001:db8::/32' },
  { read: inProxySource, text: '::1', is: '::1/128' },
  { read: inProxySource, text: 'unix', is: 'unix' },
  { read: inProxySource, text: '10.0.0.0/33', is: null },
  { read: inProxySource, text: '::/129', is: null },
  { read: inProxySource, text: '10.0.0/8', is: null },
  { read: inProxySource, text: '::ffff:10.0.0.0/104', is: null },
  { read: inProxySource, text: 'fe80::1%eth0', is: null },
  { read: parseHost, text: 'API.Example.test.', is: 'api.example.test' },
  { read: parseHost, text: 'xn--bcher-kva.test', is: 'xn--bcher-kva.test' },
  { read: parseHost, text: '192.0.2.1', is: '192.0.2.1' },
  { read: parseHost, text: '[2001:DB8:0::1]', is: '[2001:db8::1]' },
  { read: parseHost, text: '2001:db8::1', is: null },
  { read: parseHost, text: 'api.example.test:443', is: null },
  { read: parseHost, text: 'a..b', is: null },
  { read: parseHost, text: '-a.test', is: null },
  { read: parseHost, text: '*.a.test', is: null },
  { read: parseHost, text: 'ſ.test', is: null },
  { read: parseCertificateHost, text: '*.A.test', is: '*.a.test' },
  { read: parseCertificateHost, text: '*.*.test', is: null },
  { read: parseCertificateHost, text: '*', is: null },
  { read: parseCertificateHost, text: '*.192.0.2.1', is: null },
]
for (const { read, text, is } of readings) {
  const what = is === null ? 'refused' : `read as ${is}`
  test(`${JSON.stringify(text.slice(0, 40))} (${text.length}) is ${what} by ${read.name}`, () =>
    assert.equal(read(text), is))
}

const covered: readonly { pattern: string; host: string; is: boolean }[] = [
  { pattern: 'a.test', host: 'a.test', is: true },
  { pattern: '*.a.test', host: 'b.a.test', is: true },
  { pattern: '*.a.test', host: 'a.test', is: false },
  { pattern: '*.a.test', host: 'c.b.a.test', is: false },
  { pattern: '*.a.test', host: '.a.test', is: false },
]
for (const { pattern, host, is } of covered) {
  test(`a certificate for ${pattern} is ${is ? 'one' : 'none'} for ${host}`, () =>
    assert.equal(coversHost(pattern, host), is))
}

for (const [listen, local] of [
  ['127.0.0.1:1', true],
  ['127.8.0.1:1', true],
  ['[::1]:1', true],
  ['localhost:1', true],
  ['unix:a', true],
  ['0.0.0.0:1', false],
  ['[::]:1', false],
  ['127.0.0.1.example.test:1', false],
] as const) {
  test(`${listen} is ${local ? '' : 'not '}reached from this machine alone`, () => {
    assert.equal(isLocal(parseAddress(listen, '/')!), local)
  })
}

const slips: readonly { word: string; known: readonly string[]; is: string | null }[] = [
  { word: 'lisseners', known: ['routes', 'listeners'], is: 'listeners' },
  { word: 'header-bytes-max', known: ['headerBytesMax'], is: 'headerBytesMax' },
  { word: 'rotues', known: ['routes', 'rules'], is: 'routes' },
  { word: 'log', known: ['logs', 'dog'], is: 'logs' },
  { word: 'xyz', known: ['abc'], is: null },
  { word: 'a', known: ['b'], is: null },
  { word: 'x'.repeat(1_000), known: ['x'], is: null },
]
for (const { word, known, is } of slips) {
  test(`for "${word.slice(0, 20)}" among ${known} the nearest is ${is}`, () => assert.equal(suggest(word, known), is))
}

test('sizes and times that were written read back the same', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      // Those beyond fifteen digits of the unit are not written by hand.
      if (value < 1e15) assert.equal(parseSize(formatSize(value)), value)
      if (value < 1e15) assert.equal(parseTime(formatTime(value)), value)
    }),
  )
})

test('rates that were written read back the same', () => {
  const rate = fc.record(
    { count: fc.nat(), perMs: fc.constantFrom(1_000, 60_000, 3_600_000) },
    { noNullPrototype: true },
  )
  fc.assert(fc.property(rate, (value) => assert.deepEqual(parseRate(formatRate(value)), value)))
})

test('whatever text is given, it is read or refused, and what is read reads the same again', () => {
  const near = fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:/[]*%-KMGiBmsh_'), maxLength: 24 })
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (text) => {
      for (const read of [inAddress, inProxySource, parseHost, parseCertificateHost]) {
        const once = read(text)
        if (once !== null) assert.equal(read(once), once)
      }
      for (const read of [parseSize, parseTime, inRate]) read(text)
    }),
  )
})
