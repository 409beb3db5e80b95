import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { developmentCertificate } from './development-certificate.ts'
import { temporaryFolder } from './edge-under-test.ts'

const day = 24 * 60 * 60 * 1000
const ownerOnly = 0o600

test('the certificate is good for this machine alone, signs nothing, and only its owner reads the key', async () => {
  const folder = join(await temporaryFolder(), 'new')
  const { cert, certFile, made } = await developmentCertificate(folder)
  const parsed = new X509Certificate(cert)
  assert.equal(made, true)
  assert.equal(parsed.ca, false)
  assert.equal(parsed.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  assert.equal(await readFile(certFile, 'utf8'), cert)
  const { mode } = await stat(join(folder, 'development-key.pem'))
  assert.equal(mode & 0o777, ownerOnly)
})

test('a restart finds the same certificate, and mends the mode of its key', async () => {
  const folder = await temporaryFolder()
  const first = await developmentCertificate(folder)
  const keyFile = join(folder, 'development-key.pem')
  await chmod(keyFile, 0o644)
  const second = await developmentCertificate(folder)
  assert.deepEqual([second.cert, second.key, second.made], [first.cert, first.key, false])
  assert.equal((await stat(keyFile)).mode & 0o777, ownerOnly)
})

const spoilt: readonly { why: string; spoil: (folder: string) => Promise<void>; later: number }[] = [
  { why: 'has expired', spoil: async () => undefined, later: 400 * day },
  { why: 'is about to expire', spoil: async () => undefined, later: 392 * day },
  { why: 'has lost its key', spoil: (folder) => rm(join(folder, 'development-key.pem')), later: 0 },
  { why: 'is garbled', spoil: (folder) => writeFile(join(folder, 'development-cert.pem'), 'x'), later: 0 },
  {
    why: 'does not fit its key',
    spoil: async (folder) =>
      writeFile(join(folder, 'development-key.pem'), (await developmentCertificate(await temporaryFolder())).key),
    later: 0,
  },
]
for (const { why, spoil, later } of spoilt) {
  test(`a certificate that ${why} is made anew, and kept from then on`, async () => {
    const folder = await temporaryFolder()
    const first = await developmentCertificate(folder)
    await spoil(folder)
    const now = new Date(Date.now() + later)
    const second = await developmentCertificate(folder, now)
    assert.equal(second.made, true)
    assert.notEqual(second.cert, first.cert)
    assert.ok(new X509Certificate(second.cert).validToDate > now)
    assert.equal((await developmentCertificate(folder, now)).made, false)
  })
}
