/** What the edge tells the upstream about the client. Said by the edge alone: what a client says under these names, or under names
 *  that a server behind us could take for them, is left out. */
import type { TLSSocket } from 'node:tls'
import type { EdgeRequest } from './request.ts'

/** Names that the edge sets. */
const own: readonly string[] = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id']

/** Names that nobody sets here and that frameworks believe: who asks, by which host and scheme, for which path, with which
 *  certificate (RFC 9440); `proxy` becomes HTTP_PROXY (CVE-2016-5385). */
const unbelieved: readonly string[] = [
  'client-cert',
  'client-cert-chain',
  'front-end-https',
  'proxy',
  'true-client-ip',
  'x-client-ip',
  'x-forwarded',
  'x-forwarded-by',
  'x-forwarded-path',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-original-host',
  'x-original-url',
  'x-real-ip',
  'x-rewrite-url',
  'x-url-scheme',
]

const reserved: ReadonlySet<string> = new Set([...own, ...unbelieved])

/** Everything of ours that will ever be sent begins so. */
const reservedPrefix = 'sallyport-'

/** Whether a client may not send a field of this name (lower case). `_` is `-` to CGI and its heirs (RFC 3875 §4.1.18). */
export function isReserved(name: string): boolean {
  const plain = name.includes('_') ? name.replaceAll('_', '-') : name
  return reserved.has(plain) || plain.startsWith(reservedPrefix)
}

/** The fields to add, name, value, …: each once. */
export function forwardedFields({ id, ip, host, incoming }: EdgeRequest): string[] {
  const proto = (incoming.socket as TLSSocket).encrypted === true ? 'https' : 'http'
  const client = ip ?? 'unknown'
  const fields = ['X-Forwarded-For', client, 'X-Forwarded-Proto', proto]
  if (host !== null) fields.push('X-Forwarded-Host', host)
  fields.push('Forwarded', forwarded(client, host, proto), 'X-Request-Id', id)
  // RFC 9110 §7.6.3: a gateway must name itself, or a loop of two would never be seen.
  fields.push('Via', `${incoming.httpVersion} sallyport`)
  return fields
}

/** RFC 7239 §4 to §6: an IPv6 address stands in brackets and quotes. The Host has passed `http`: it holds no quote. */
function forwarded(client: string, host: string | null, proto: string): string {
  const node = client.includes(':') ? `"[${client}]"` : client
  return `for=${node};${host === null ? '' : `host="${host}";`}proto=${proto}`
}
