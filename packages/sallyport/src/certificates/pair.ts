/** A chain and its private key, checked before a listener uses them: a wrong pair is a line at start, not failed handshakes. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { chainCertificatesMax, expiryWarningMs } from './bounds.ts'
import { covers } from './host-names.ts'

/** PEM: the leaf first, then each certificate that issued the one before; and the private key of the leaf. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** A certificate that cannot be used: what is wrong, then what to do. `file` is what the operator wrote. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
  readonly file: string
  readonly action: string
  constructor(file: string, cause: string, action: string) {
    super(`${file}: ${cause}; ${action}`)
    this.file = file
    this.action = action
  }
}

/** The certificates of a PEM text, in order; text between them is allowed, as `openssl s_client` writes it.
 *  Throws a plain Error in words for what is no chain. */
export function readChain(pem: string): readonly [X509Certificate, ...X509Certificate[]] {
  const end = '-----END CERTIFICATE-----'
  const [first, ...rest] = pem
    .split(end)
    .slice(0, -1)
    .map((text) => text.slice(Math.max(0, text.lastIndexOf('-----BEGIN CERTIFICATE-----'))) + end)
  if (first === undefined) throw new Error('holds no certificate')
  if (rest.length >= chainCertificatesMax) throw new Error(`holds more than ${chainCertificatesMax} certificates`)
  return [certificateOf(first, 1), ...rest.map((text, index) => certificateOf(text, index + 2))]
}

function certificateOf(pem: string, position: number): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new Error(`has a certificate that cannot be read, the ${position}. of the file`)
  }
}

/** Checks that chain and key fit. Throws `CertificateError`, named by the file that must change. */
export function checkPair(
  pair: Pair,
  certFile: string,
  keyFile: string,
): readonly [X509Certificate, ...X509Certificate[]] {
  const chain = chainOf(pair.cert, certFile)
  const key = privateKeyOf(pair.key, keyFile)
  if (chain[0].checkPrivateKey(key)) return chain
  if (chain.some((certificate) => certificate.checkPrivateKey(key))) {
    throw new CertificateError(certFile, 'does not begin with the certificate of its key', 'put that one first')
  }
  throw new CertificateError(keyFile, `is not the key of ${certFile}`, 'name the key that the certificate was made for')
}

function chainOf(pem: string, file: string): readonly [X509Certificate, ...X509Certificate[]] {
  try {
    return readChain(pem)
  } catch (error) {
    throw new CertificateError(file, (error as Error).message, 'put the chain there as PEM, the leaf first')
  }
}

function privateKeyOf(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // RFC 7468 §11, and the older form of OpenSSL.
    if (pem.includes('ENCRYPTED')) {
      throw new CertificateError(
        file,
        'is protected by a passphrase',
        'store it without one (`openssl pkey`), mode 0600',
      )
    }
    throw new CertificateError(file, 'holds no private key', 'put the key there as PEM')
  }
}

/** What an operator should know about a pair that works: each a sentence without the file's name. */
export function pairWarnings(
  chain: readonly [X509Certificate, ...X509Certificate[]],
  hosts: readonly string[],
  now: Date,
): readonly string[] {
  const warnings: string[] = []
  const [leaf] = chain
  const endsInMs = leaf.validToDate.getTime() - now.getTime()
  if (endsInMs <= 0) warnings.push(`expired on ${dayOf(leaf.validToDate)}: clients refuse it; renew it`)
  else if (endsInMs < expiryWarningMs) warnings.push(`expires on ${dayOf(leaf.validToDate)}: renew it`)
  if (leaf.validFromDate > now) warnings.push(`is valid from ${dayOf(leaf.validFromDate)} only: look at the clock`)
  for (const host of hosts) {
    if (!covers(leaf, host)) warnings.push(`does not cover ${host}: clients of that name refuse it`)
  }
  chain.slice(1).forEach((issuer, index) => {
    if (chain[index]?.checkIssued(issuer) !== true) {
      warnings.push(`has a broken chain: certificate ${index + 2} did not issue certificate ${index + 1}`)
    }
  })
  return warnings
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 'yyyy-mm-dd'.length)
}
