/** Who a request comes from: the peer, or, where the peer is a proxy that the operator trusts, whom that proxy names. */
import { isIP } from 'node:net'

/** `X-Forwarded-For` is read from its right end, where the nearest proxy wrote: past trusted proxies to the first address that none of them is. What
 *  stands further left is the client's own to invent. A word that is no address ends the walk: the last one known holds. */
export function clientAddress(
  peer: string | null,
  rawHeaders: readonly string[],
  trusts: (peer: string | null) => boolean,
): string | null {
  if (!trusts(peer)) return peer
  let nearest = peer
  for (const word of forwardedFor(rawHeaders)) {
    const address = plainAddress(word)
    if (address === null) return nearest
    nearest = address
    if (!trusts(address)) return nearest
  }
  return nearest
}

/** All words of all such fields, the last first; several fields are one list (RFC 9110 §5.3). */
function forwardedFor(rawHeaders: readonly string[]): string[] {
  const words: string[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === 'x-forwarded-for') words.push(...(rawHeaders[i + 1] ?? '').split(','))
  }
  return words.reverse()
}

/** Some proxies add a port, or brackets: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function plainAddress(word: string): string | null {
  const text = word.trim()
  const [, inner] = /^\[([\da-fA-F:.]+)\](?::\d{1,5})?$/.exec(text) ?? []
  const [, v4] = /^([\d.]+):\d{1,5}$/.exec(text) ?? []
  const address = unmapped((inner ?? v4 ?? text).toLowerCase())
  return isIP(address) === 0 ? null : address
}

/** An IPv4 client of a dual-stack socket is not `::ffff:203.0.113.9`. */
export function unmapped(address: string): string {
  const mapped = '::ffff:'
  return address.startsWith(mapped) && address.includes('.') ? address.slice(mapped.length) : address
}
