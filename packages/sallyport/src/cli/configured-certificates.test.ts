import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePair } from '../certificates/certificates-under-test.ts'
import type { CertificateEntry } from '../certificates/store.ts'
import type { AcmeOrder } from '../config/files.ts'
import type { Loaded } from '../config/load.ts'
import { parseConfig } from '../config/parse.ts'
import { checkCertificates, storeOf } from './configured-certificates.ts'
import { Failure } from './failure.ts'

const order = (host: string): AcmeOrder => ({
  hosts: [host],
  acme: { directory: 'https://ca.test/dir', email: null, ca: null },
})

async function entry(host: string): Promise<CertificateEntry> {
  return { hosts: [host], ...(await makePair({ hosts: [host] })), certName: `${host}.pem`, keyName: `${host}.key` }
}

function loaded(certificates: Loaded['certificates']): Loaded {
  const text = `version: 1
listeners: [{ name: public, listen: 127.0.0.1:8443 }]
upstreams: { api: { url: http://127.0.0.1:3000 } }
routes: [{ upstream: api }]
`
  const { config, warnings, fault } = parseConfig(text, 'sallyport.yaml')
  return { text, config, certificates, upstreamTls: new Map(), warnings, fault }
}

test('the first certificate of the file is shown without a name, as soon as ACME has it', async () => {
  const [one, two, three] = [await entry('one.test'), await entry('two.test'), await entry('three.test')]
  const asked = loaded([order('one.test'), two, order('three.test')])
  assert.equal(storeOf(asked, [null, null]).fallback?.cert, two.cert)
  assert.equal(storeOf(asked, [null, three]).fallback?.cert, two.cert)
  assert.equal(storeOf(asked, [one, three]).fallback?.cert, one.cert)
  assert.notEqual(storeOf(asked, [null, three]).select('three.test'), storeOf(asked, [null, null]).select('three.test'))
})

const wrong: readonly { what: string; certificates: () => Promise<Loaded['certificates']>; says: RegExp }[] = [
  {
    what: 'two certificates by ACME that would be kept in one file',
    certificates: async () => [order('one.test'), order('one.test')],
    says: /^two certificates begin with one\.test; let each name its own hosts$/,
  },
  {
    what: 'a chain that does not begin with the certificate of its key',
    certificates: async () => [{ ...(await entry('one.test')), key: (await makePair()).key }],
    says: /^one\.test\.key: is not the key of one\.test\.pem; /,
  },
]
for (const { what, certificates, says } of wrong) {
  test(`refused with exit code 2, in one line: ${what}`, async () => {
    await assert.rejects(checkCertificates(loaded(await certificates())), (error) => {
      assert.ok(error instanceof Failure)
      assert.match(error.message, says)
      assert.equal(error.exitCode, 2)
      return true
    })
  })
}
