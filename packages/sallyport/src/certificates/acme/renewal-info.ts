/** ACME renewal information (RFC 9773): the authority says when it wants a certificate renewed, early before a mass revocation.
 *  Advice only: without it, or when it makes no sense, two thirds of the life hold. */
import { X509Certificate } from 'node:crypto'
import { renewalInfoEveryMs, renewalInfoFirstMs, renewalInfoLastMs } from '../bounds.ts'
import { type Fields, fieldsOf, retryAfter } from './fields.ts'
import type { RenewalWindow } from './renewal-time.ts'
import type { Connection, Directory } from './session.ts'
import { loadX509 } from './x509.ts'

export interface RenewalAdvice {
  readonly window: RenewalWindow | null
  /** Not to be asked again before. */
  readonly againMs: number
}

export const noAdvice: RenewalAdvice = { window: null, againMs: renewalInfoEveryMs }

/** The identifier of a certificate (RFC 9773 §4.1): its authority's key identifier, a dot, its serial number. Null where the
 *  certificate names no key identifier. `pem` may hold the chain: the first counts. */
export async function renewalId(pem: string): Promise<string | null> {
  const x509 = await loadX509()
  const leaf = new X509Certificate(pem)
  const extension = new x509.X509Certificate(leaf.raw).getExtension(x509.AuthorityKeyIdentifierExtension)
  if (extension?.keyId === undefined) return null
  // The content of the DER integer: a zero byte before a first bit that is set.
  const serial = Buffer.from(leaf.serialNumber, 'hex')
  const content = (serial[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), serial]) : serial
  return `${Buffer.from(extension.keyId, 'hex').toString('base64url')}.${content.toString('base64url')}`
}

/** Rejects only as `request` does. */
export async function renewalAdvice(directory: Directory, pem: string, connection: Connection): Promise<RenewalAdvice> {
  const id = directory.renewalInfo === null ? null : await renewalId(pem)
  if (directory.renewalInfo === null || id === null) return noAdvice
  const { request, signal, clock } = connection
  const answer = await request({ method: 'GET', url: `${directory.renewalInfo}/${id}`, signal })
  if (answer.status !== 200) return noAdvice
  const againMs = retryAfter(answer, clock.now(), renewalInfoFirstMs, renewalInfoLastMs) ?? renewalInfoEveryMs
  return { window: windowOf(fieldsOf(answer, 'the renewal information')), againMs }
}

function windowOf(fields: Fields): RenewalWindow | null {
  const window = fields.suggestedWindow
  if (typeof window !== 'object' || window === null) return null
  const { start, end } = window as Fields
  const startMs = typeof start === 'string' ? Date.parse(start) : Number.NaN
  const endMs = typeof end === 'string' ? Date.parse(end) : Number.NaN
  // RFC 9773 §4.2: a window that ends before it starts is to be treated as none.
  return endMs > startMs ? { startMs, endMs } : null
}
