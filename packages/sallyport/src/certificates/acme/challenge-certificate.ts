/** The certificate that answers TLS-ALPN-01 (RFC 8737 §3): self-signed, the name alone, and the hash of the key authorization
 *  in a critical extension, so that nothing but this validation accepts it. */
import { createHash, KeyObject, randomBytes } from 'node:crypto'
import type { Pair } from '../pair.ts'
import { loadX509, p256 } from './x509.ts'

/** id-pe-acmeIdentifier (RFC 8737 §6.1). */
const acmeIdentifier = '1.3.6.1.5.5.7.1.31'
/** DER: an octet string of 32 bytes. */
const octetString32 = [0x04, 0x20] as const
const validMs: number = 24 * 60 * 60 * 1000

export async function challengeCertificate(host: string, authorization: string): Promise<Pair> {
  const x509 = await loadX509()
  const keys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const digest = createHash('sha256').update(authorization).digest()
  const now = Date.now()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // The first bit stays clear: a serial number is positive (RFC 5280 §4.1.2.2).
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=ACME challenge',
    notBefore: new Date(now - validMs),
    notAfter: new Date(now + validMs),
    signingAlgorithm: p256,
    keys,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
      new x509.Extension(acmeIdentifier, true, Buffer.from([...octetString32, ...digest])),
    ],
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string
  return { cert: certificate.toString('pem'), key }
}
