/** Certificates from files, chosen by server name: an exact host, then a wildcard of one label (RFC 9525 §6.3), then the first. */
import { createSecureContext, type SecureContext } from 'node:tls'
import type { Certificate, CertificateChoice } from './snapshot.ts'
import { tlsOptions } from './tls-profile.ts'

export interface NamedCertificate extends Certificate {
  /** Lower case; `*.example.test` stands for any one label. */
  readonly hosts: readonly string[]
}

/** Throws OpenSSL's error for a pair that it cannot use, before anything is swapped. */
export function chooseCertificates(certificates: readonly NamedCertificate[]): CertificateChoice {
  const contexts = new Map<string, SecureContext>()
  let first: SecureContext | undefined
  for (const { hosts, cert, key } of certificates) {
    // The context chosen by name brings its own ciphers and versions: without the profile they would be OpenSSL's.
    const context = createSecureContext({ ...tlsOptions, cert, key })
    first ??= context
    for (const host of hosts) if (!contexts.has(host)) contexts.set(host, context)
  }
  const [head] = certificates
  return Object.freeze({
    select(serverName: string) {
      const name = serverName.toLowerCase()
      const dot = name.indexOf('.')
      const wildcard = dot > 0 ? contexts.get(`*${name.slice(dot)}`) : undefined
      return contexts.get(name) ?? wildcard ?? first
    },
    fallback: head === undefined ? null : { cert: head.cert, key: head.key },
  })
}
