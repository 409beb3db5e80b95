import assert from 'node:assert/strict'
import { generateKeyPairSync, KeyObject } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ConfigError } from './fault.ts'
import { loadConfig } from './load.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-config-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'sallyport.yaml')
const now = new Date('2026-06-01T00:00:00Z')

const pair = await makePair('api.example.test', '2027-01-01')
const expired = await makePair('api.example.test', '2026-05-31')
const files: Readonly<Record<string, string>> = {
  'api.pem': pair.cert,
  'api.key': pair.key,
  'old.pem': expired.cert,
  'old.key': expired.key,
  'locked.key': generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' },
  }).privateKey,
  'own.conf': '',
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
mkdirSync(join(folder, 'crs/rules'), { recursive: true })

/** A file that has everything that a case does not bring along. */
function configuration(more: string): string {
  const listeners = more.includes('listeners:') ? '' : 'listeners: [{ name: public, listen: 127.0.0.1:8443 }]\n'
  const upstreams = more.includes('upstreams:') ? '' : 'upstreams: { api: { url: http://127.0.0.1:3000 } }\n'
  return `version: 1\n${more}\n${listeners}${upstreams}routes: [{ upstream: api }]\n`
}

async function outcome(text: string): Promise<string> {
  writeFileSync(file, text)
  try {
    const { warnings } = await loadConfig(file, 'edge', now)
    return warnings.map(({ line, column, message }) => `warning ${line}:${column}: ${message}`).join('\n')
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.message.replaceAll(`${file}:`, '').replaceAll(`${folder}/`, '')
  }
}

const certificate = (rest: string): string => `certificates: [{ hosts: [api.example.test], ${rest} }]`
const upstream = (rest: string): string => `upstreams: { api: { url: https://api.internal, ${rest} } }`

const cases: readonly { what: string; more: string; says: string }[] = [
  { what: 'a pair that fits', more: certificate('cert: api.pem, key: api.key'), says: '' },
  {
    what: 'files that are not there',
    more: certificate('cert: a.pem, key: a.key'),
    says: '2:51: a.pem is not there: make it, or name another\n2:63: a.key is not there: make it, or name another',
  },
  {
    what: 'a key of another certificate',
    more: certificate('cert: api.pem, key: old.key'),
    says: '2:65: old.key is not the key of api.pem: give the one it was made with',
  },
  {
    what: 'a certificate and a key the wrong way round',
    more: certificate('cert: api.key, key: api.pem'),
    says:
      '2:51: api.key is no certificate: give it in PEM\n' +
      '2:65: api.pem is no private key that can be read: give it in PEM, without a passphrase',
  },
  {
    what: 'a key behind a passphrase',
    more: certificate('cert: api.pem, key: locked.key'),
    says: '2:65: locked.key is no private key that can be read: give it in PEM, without a passphrase',
  },
  {
    what: 'a folder for a certificate',
    more: certificate('cert: crs, key: api.key'),
    says: '2:51: crs is a folder: name a file in it',
  },
  { what: 'an upstream with its files', more: upstream('ca: api.pem, cert: api.pem, key: api.key'), says: '' },
  {
    what: 'an upstream whose authority is none',
    more: upstream('ca: own.conf'),
    says: "2:52: own.conf is no certificate: give the authority's in PEM",
  },
  {
    what: 'an upstream whose client key is another',
    more: upstream('cert: api.pem, key: old.key'),
    says: '2:68: old.key is not the key of api.pem: give the one it was made with',
  },
  {
    what: 'an upstream whose client certificate has expired',
    more: upstream('cert: old.pem, key: old.key'),
    says: `warning 2:54: ${folder}/old.pem has expired on 2026-05-31T00:00:00.000Z: renew it`,
  },
  {
    what: 'rule files that are there',
    more: 'rules: [{ use: own.conf, before: [own.conf] }, { use: crs, dir: crs }]',
    says: '',
  },
  {
    what: 'rule files that are not',
    more: 'rules: [{ use: no.conf, before: [own.conf, a.conf], after: [crs] }, { use: crs, dir: own }]',
    says:
      '2:16: no.conf is not there: make it, or name another\n' +
      '2:44: a.conf is not there: make it, or name another\n' +
      '2:61: crs is a folder: name a file in it\n' +
      '2:86: own is no unpacked CRS release: give the folder that has rules/ in it',
  },
]
for (const { what, more, says } of cases) {
  test(`a configuration with ${what} ${says === '' ? 'is sound' : 'says so at its place'}`, async () => {
    assert.equal(await outcome(configuration(more)), says)
  })
}

test('what a configuration names comes along, read', async () => {
  const more = `${certificate('cert: api.pem, key: api.key')}\n${upstream('ca: api.pem, serverName: API.test')}`
  writeFileSync(file, configuration(more))
  const { text, certificates, upstreamTls } = await loadConfig(file, 'edge', now)
  assert.equal(text, configuration(more))
  assert.deepEqual(certificates, [
    { hosts: ['api.example.test'], ...pair, certName: join(folder, 'api.pem'), keyName: join(folder, 'api.key') },
  ])
  assert.deepEqual([...upstreamTls], [['api', { ca: pair.cert, serverName: 'api.test', client: null }]])
})

test('a file of rules alone will do where only rules are wanted', async () => {
  writeFileSync(file, 'version: 1\nrules: [{ use: own.conf }]\n')
  assert.equal((await loadConfig(file, 'inspect')).config.rules[0]?.use, join(folder, 'own.conf'))
  await assert.rejects(loadConfig(file), /no listener/)
})

for (const { what, bytes, says } of [
  {
    what: 'in another encoding',
    bytes: Buffer.from('version: 1 # \xfc', 'latin1'),
    says: /:1:1: .* is no text in UTF-8/,
  },
  { what: 'too long', bytes: Buffer.alloc(1_000_000, '#'), says: /:1:1: longer than 262144 bytes/ },
]) {
  test(`a file that is ${what} is refused before it is read as YAML`, async () => {
    writeFileSync(file, bytes)
    await assert.rejects(loadConfig(file), says)
  })
}

test('a file that is not there is refused with its name', async () => {
  await assert.rejects(loadConfig(join(folder, 'none.yaml')), /none\.yaml:1:1: .* is not there/)
  await assert.rejects(loadConfig(folder), /:1:1: .* is a folder/)
})

async function makePair(host: string, until: string): Promise<{ cert: string; key: string }> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    notBefore: new Date('2026-01-01'),
    notAfter: new Date(until),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string
  return { cert: certificate.toString('pem'), key }
}

test('what ACME needs comes along in place of a pair, its authority read', async () => {
  writeFileSync(file, configuration(certificate('acme: { ca: api.pem, directory: https://ca.test/dir }')))
  const { certificates } = await loadConfig(file, 'edge', now)
  const acme = { directory: 'https://ca.test/dir', email: null, ca: pair.cert }
  assert.deepEqual(certificates, [{ hosts: ['api.example.test'], acme }])
})
