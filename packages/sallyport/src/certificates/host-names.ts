/** Host names as certificates and server name indication know them: lower case, A-labels, at most one leading wildcard. */
import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** RFC 1035 §2.3.4. */
const nameCharsMax = 253
/** Labels of letters, digits and inner hyphens, one to 63 characters (RFC 1123 §2.1); an underscore is found in the field. */
const shape = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
/** A label that no certificate lists by itself: only a wildcard covers it. */
const probeLabel = 'sallyport-covers-any-label'

/** The name as it is compared (lower case, `bücher.example` as `xn--…`), or null for what is no host name. IP addresses
 *  are kept, without the brackets of a URL: they are never a server name (RFC 6066 §3), but a certificate may cover them. */
export function hostName(text: string): string | null {
  const wildcard = text.startsWith('*.')
  const host = wildcard ? text.slice(2) : text
  if (!wildcard && host.startsWith('[') && host.endsWith(']') && isIP(host.slice(1, -1)) === 6) return host.slice(1, -1)
  if (isIP(host) !== 0) return wildcard ? null : host
  const ascii = domainToASCII(host)
  const whole = wildcard ? `*.${ascii}` : ascii
  return ascii !== '' && isIP(ascii) === 0 && whole.length <= nameCharsMax && shape.test(whole) ? whole : null
}

/** Whether the alternative names of a certificate cover a host; its common name does not count (RFC 9525 §2). */
export function covers(certificate: X509Certificate, host: string): boolean {
  if (isIP(host) !== 0) return certificate.checkIP(host) !== undefined
  const asked = host.startsWith('*.') ? `${probeLabel}.${host.slice(2)}` : host
  return certificate.checkHost(asked, { subject: 'never', partialWildcards: false }) !== undefined
}
