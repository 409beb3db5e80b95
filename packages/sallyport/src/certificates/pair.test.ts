import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { chainCertificatesMax } from './bounds.ts'
import { day, makeCertificate, makePair, pemOf } from './certificates-under-test.ts'
import { checkPair, pairWarnings, readChain } from './pair.ts'

const now = new Date('2026-06-15T12:00:00Z')
const after = (days: number): Date => new Date(now.getTime() + days * day)

const locked = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
}).privateKey

const one = await makePair()
const two = await makePair()

const wrong: readonly { why: string; cert: string; key: string; says: RegExp }[] = [
  { why: 'no certificate', cert: 'x', key: one.key, says: /^c\.pem: holds no certificate; put the chain there as PEM/ },
  {
    why: 'a garbled certificate',
    cert: one.cert + one.cert.replace(/MII./, 'AAAA'),
    key: one.key,
    says: /^c\.pem: has a certificate that cannot be read, the 2\. of the file; /,
  },
  {
    why: 'a chain without end',
    cert: one.cert.repeat(chainCertificatesMax + 1),
    key: one.key,
    says: /^c\.pem: holds more than 10 certificates; /,
  },
  { why: 'no key', cert: one.cert, key: one.cert, says: /^k\.pem: holds no private key; / },
  { why: 'a key with a passphrase', cert: one.cert, key: locked, says: /^k\.pem: is protected by a passphrase; / },
  { why: 'another key', cert: one.cert, key: two.key, says: /^k\.pem: is not the key of c\.pem; name the key/ },
  {
    why: 'the leaf in the wrong place',
    cert: two.cert + one.cert,
    key: one.key,
    says: /^c\.pem: does not begin with the certificate of its key; put that one first/,
  },
]
for (const { why, cert, key, says } of wrong) {
  test(`a pair with ${why} is refused by the file that must change`, () =>
    assert.throws(() => checkPair({ cert, key }, 'c.pem', 'k.pem'), {
      name: 'CertificateError',
      message: says,
      file: says.source.slice(1, 2) === 'c' ? 'c.pem' : 'k.pem',
    }))
}

test('text between certificates is allowed, and their order is kept', () => {
  const chain = readChain(`subject=x\n${one.cert}\n 1 s:CN = y\r\n${two.cert}\nServer certificate`)
  assert.equal(chain.length, 2)
  assert.deepEqual([chain[0].toString(), chain[1]?.toString()].map(trimmed), [one.cert, two.cert].map(trimmed))
})

function trimmed(pem: string | undefined): string {
  return (pem ?? '').replaceAll(/\s/g, '')
}

const times: readonly { from: number; to: number; warns: readonly string[] }[] = [
  { from: -1, to: 15, warns: [] },
  { from: -1, to: 13, warns: ['expires on 2026-06-28: renew it'] },
  { from: -9, to: -1, warns: ['expired on 2026-06-14: clients refuse it; renew it'] },
  { from: 2, to: 90, warns: ['is valid from 2026-06-17 only: look at the clock'] },
]
for (const { from, to, warns } of times) {
  test(`valid from day ${from} to day ${to}: ${warns[0] ?? 'no warning'}`, async () => {
    const { cert } = await makePair({ from: after(from), to: after(to) })
    assert.deepEqual(pairWarnings(readChain(cert), ['localhost'], now), warns)
  })
}

test('a name that is not covered and a chain that does not hang together are warned about', async () => {
  const authority = await makeCertificate()
  const leaf = await makeCertificate({ issuer: authority, hosts: ['a.example.test'] })
  const good = readChain(leaf.pem + authority.pem)
  assert.deepEqual(pairWarnings(good, ['a.example.test'], new Date()), [])
  assert.equal(checkPair({ cert: leaf.pem + authority.pem, key: pemOf(leaf.keys) }, 'c', 'k').length, 2)
  assert.deepEqual(pairWarnings(readChain(leaf.pem + one.cert), ['b.example.test'], new Date()), [
    'does not cover b.example.test: clients of that name refuse it',
    'has a broken chain: certificate 2 did not issue certificate 1',
  ])
})
