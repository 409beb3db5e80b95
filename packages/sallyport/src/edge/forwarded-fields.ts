/** What the edge tells the upstream about the client, under names that no client can use (reserved-fields.ts). */
import type { EdgeRequest } from './request.ts'

/** The fields to add, name, value, …: each once. */
export function forwardedFields({ id, ip, host, scheme, incoming }: EdgeRequest): string[] {
  const client = ip ?? 'unknown'
  const fields = ['X-Forwarded-For', client, 'X-Forwarded-Proto', scheme]
  if (host !== null) fields.push('X-Forwarded-Host', host)
  fields.push('Forwarded', forwarded(client, host, scheme), 'X-Request-Id', id)
  // RFC 9110 §7.6.3: a gateway must name itself, or a loop of two would never be seen.
  fields.push('Via', `${incoming.version} sallyport`)
  return fields
}

/** RFC 7239 §4 to §6: an IPv6 address stands in brackets and quotes. The Host has passed `http`: it holds no quote. */
function forwarded(client: string, host: string | null, proto: string): string {
  const node = client.includes(':') ? `"[${client}]"` : client
  return `for=${node};${host === null ? '' : `host="${host}";`}proto=${proto}`
}
