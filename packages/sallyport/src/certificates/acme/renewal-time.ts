/** When a certificate is renewed, and how long to wait after a failure. Pure: the same answer for the same certificate, so that
 *  a restart changes nothing and a thousand edges do not come at once. */
import type { X509Certificate } from 'node:crypto'
import { retryFirstMs, retryMaxMs } from '../bounds.ts'

/** The window that an authority suggests (RFC 9773 §4.2), milliseconds since 1970. */
export interface RenewalWindow {
  readonly startMs: number
  readonly endMs: number
}

/** At two thirds of its life, up to this part of it earlier. */
const dueAtPart = 2 / 3
const spreadPart = 1 / 20
/** Whatever window is suggested, a tenth of the life is left for tries that fail. */
const latestPart = 9 / 10

export function renewalTime(certificate: X509Certificate, window: RenewalWindow | null): number {
  const startMs = certificate.validFromDate.getTime()
  const spread = spreadOf(certificate)
  if (window === null) return startMs + lifeOf(certificate) * (dueAtPart - spread * spreadPart)
  const suggested = window.startMs + (window.endMs - window.startMs) * spread
  return Math.min(suggested, startMs + lifeOf(certificate) * latestPart)
}

/** Milliseconds from its first moment to its last. */
export function lifeOf(certificate: X509Certificate): number {
  return certificate.validToDate.getTime() - certificate.validFromDate.getTime()
}

/** How long to wait after so many failures in a row: doubled each time, half of it by chance (0 to below 1). What the
 *  authority asked for is never undercut. */
export function retryDelay(failures: number, chance: number, askedMs: number | null): number {
  const wholeMs = Math.min(retryFirstMs * 2 ** Math.max(0, failures - 1), retryMaxMs)
  return Math.max((wholeMs * (1 + chance)) / 2, askedMs ?? 0)
}

/** From 0 to below 1, by the certificate's own hash: chance that is the same after a restart. */
function spreadOf({ fingerprint256 }: X509Certificate): number {
  const bytes = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex')
  return bytes.readUIntBE(0, 6) / 2 ** 48
}
