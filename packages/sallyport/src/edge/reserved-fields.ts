/** Names under which the edge speaks to the upstream about the client. What a client says under them, or under names that a server
 *  behind us could take for them, is left out. */

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
