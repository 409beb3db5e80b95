import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { tokenCharsMax } from '../bounds.ts'
import { challengeCertificate } from './challenge-certificate.ts'
import { pendingChallenges } from './challenges.ts'

test('only what is on offer is answered, and no longer than it is', async () => {
  const { answerPath, answerName, offer } = pendingChallenges()
  const path = '/.well-known/acme-challenge/tok_en-1'
  assert.deepEqual([answerPath(path), answerName('a.test')], [null, null])
  const withdrawPath = await offer('http-01', 'a.test', 'tok_en-1', 'tok_en-1.thumb')
  const withdrawName = await offer('tls-alpn-01', 'a.test', 'tok_en-2', 'tok_en-2.thumb')
  assert.equal(answerPath(path), 'tok_en-1.thumb')
  for (const no of [
    '',
    '/',
    `${path}/`,
    `${path}?x`,
    '/.well-known/acme-challenge/',
    '/.well-known/acme-challenge/tok_en-2',
  ]) {
    assert.equal(answerPath(no), null, no)
  }
  assert.notEqual(answerName('A.test'), null)
  assert.equal(answerName('b.test'), null)
  withdrawPath()
  withdrawName()
  assert.deepEqual([answerPath(path), answerName('a.test')], [null, null])
})

test('withdrawing an older challenge leaves the newer one of the same name', async () => {
  const { answerName, offer } = pendingChallenges()
  const older = await offer('tls-alpn-01', 'a.test', 'one', 'one.thumb')
  await offer('tls-alpn-01', 'a.test', 'two', 'two.thumb')
  older()
  assert.notEqual(answerName('a.test'), null)
})

for (const token of ['', 'a/b', '../x', '<script>', 'a b', 'é', 'x'.repeat(tokenCharsMax + 1)]) {
  test(`"${token.slice(0, 10)}" is no token`, () =>
    assert.rejects(pendingChallenges().offer('http-01', 'a.test', token, ''), /strange token/))
}

test('the certificate of TLS-ALPN-01 has the one name and the hash in a critical extension, as RFC 8737 draws it', async () => {
  const { cert, key } = await challengeCertificate('a.test', 'token.thumb')
  const certificate = new X509Certificate(cert)
  assert.equal(certificate.subjectAltName, 'DNS:a.test')
  assert.ok(key.includes('PRIVATE KEY'))
  // 06 08 OID, 01 01 ff critical, 04 22 extension value, 04 20 octet string, digest.
  const digest = createHash('sha256').update('token.thumb').digest('hex')
  assert.ok(certificate.raw.toString('hex').includes(`06082b0601050507011f0101ff0422` + `0420${digest}`))
})
