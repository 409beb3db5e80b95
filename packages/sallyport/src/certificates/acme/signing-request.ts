/** What an authority signs: a fresh P-256 key and the names, as PKCS #10 (RFC 2986). */
import { KeyObject } from 'node:crypto'
import { loadX509, p256 } from './x509.ts'

export interface SigningRequest {
  /** DER, base64url: as `finalize` wants it (RFC 8555 §7.4). */
  readonly csr: string
  /** PEM. */
  readonly key: string
}

/** The subject is empty: names belong into the alternative names, and a common name holds 64 characters at most. */
export async function signingRequest(hosts: readonly string[]): Promise<SigningRequest> {
  const x509 = await loadX509()
  const keys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: '',
    keys,
    signingAlgorithm: p256,
    extensions: [new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns', value })))],
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string
  return { csr: Buffer.from(request.rawData).toString('base64url'), key }
}
