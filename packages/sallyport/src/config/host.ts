/** Names of hosts, as the Host field and TLS's SNI carry them: ASCII, lower case, no port, no dot at the end. */
import { isIP, isIPv6 } from 'node:net'

/** RFC 1035 §2.3.4, without the dot at the end. */
const nameCharactersMax = 253
/** RFC 1123 §2.1, and `_`, which names of containers and services have. */
const label = /^[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?$/i

/** A DNS name. One whose last label is a number is none (RFC 3696 §2): it is a mistyped address. */
export function isHostName(text: string): boolean {
  const labels = text.split('.')
  return text.length <= nameCharactersMax && labels.every((one) => label.test(one)) && !/^\d+$/.test(labels.at(-1)!)
}

/** A name, an IPv4 address or an IPv6 address in brackets, in the form in which requests are compared. Null: it is none. */
export function parseHost(text: string): string | null {
  const name = text.toLowerCase().replace(/\.$/, '')
  if (isHostName(name) || isIP(name) === 4) return name
  const [, inner = ''] = /^\[([\da-f:.]+)\]$/.exec(name) ?? []
  return isIPv6(inner) ? new URL(`http://[${inner}]`).hostname : null
}

/** Like `parseHost`, and `*.` in front of a name for any one label (RFC 6125 §6.4.3). */
export function parseCertificateHost(text: string): string | null {
  if (!text.startsWith('*.')) return parseHost(text)
  const name = parseHost(text.slice('*.'.length))
  return name !== null && isHostName(name) ? `*.${name}` : null
}

/** Whether a certificate for `pattern` is one for `host`; both as parsed. */
export function coversHost(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host
  const dot = host.indexOf('.')
  return dot > 0 && host.slice(dot) === pattern.slice(1)
}
