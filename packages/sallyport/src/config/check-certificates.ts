/** Certificates and how they come: what several keys must agree on. */
import type { Check, Complaint } from './complaint.ts'
import type { CertificateConfig } from './config.ts'
import { isHostName } from './host.ts'

/** Each entry has a pair of files or ACME; ACME has a way to prove that a name is ours (RFC 8555 §8.3, RFC 8737). */
export const certificateComplaints: Check = ({ certificates, listeners }) => {
  const errors = certificates.flatMap((one, index) => sources(one, index))
  const tls = listeners.some((listener) => listener.tls)
  const challenged = tls || listeners.some(({ serves }) => serves === 'acme')
  for (const [index, { acme }] of certificates.entries()) {
    if (acme === null || challenged || listeners.length === 0) continue
    const message = 'ACME has no listener to be challenged on: add one with TLS, or a plain one with serves: acme'
    errors.push({ path: ['certificates', index, 'acme'], aim: 'key', message })
  }
  const unused = certificates.length > 0 && listeners.length > 0 && !tls
  const warning: Complaint = { path: ['certificates'], aim: 'key', message: 'no listener has TLS: they are not used' }
  return { errors, warnings: unused ? [warning] : [] }
}

function sources({ hosts, cert, key, acme }: CertificateConfig, index: number): Complaint[] {
  const path = ['certificates', index]
  if (acme !== null) {
    const both = cert !== null || key !== null
    const found: Complaint[] = both ? [{ path, message: 'both files and acme: write cert and key, or acme' }] : []
    for (const [at, host] of hosts.entries()) {
      if (isHostName(host)) continue
      const message = `${host} cannot be proven by HTTP-01 or TLS-ALPN-01: write full names, or cert and key`
      found.push({ path: [...path, 'hosts', at], message })
    }
    return found
  }
  if (cert !== null && key !== null) return []
  const lacks = cert !== null ? 'no key to the certificate: add key' : key !== null ? 'a key alone: add cert' : null
  return [{ path, message: lacks ?? 'where is it from? write cert and key, or acme' }]
}
