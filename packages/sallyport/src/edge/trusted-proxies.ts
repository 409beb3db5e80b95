/** Which peers a listener believes about where a request comes from. */
import { BlockList, isIP } from 'node:net'

/** Addresses of one prefix; `unix`: whoever may open the listener's Unix socket. */
export type TrustedSource =
  | { readonly family: 'ipv4' | 'ipv6'; readonly address: string; readonly prefix: number }
  | 'unix'

/** `peer` null: of a Unix socket. An IPv4 peer is asked for as such, never in IPv6's clothes. */
export function trustOf(sources: readonly TrustedSource[]): (peer: string | null) => boolean {
  const trusted = new BlockList()
  for (const source of sources) if (source !== 'unix') trusted.addSubnet(source.address, source.prefix, source.family)
  const unix = sources.includes('unix')
  return (peer) => {
    if (peer === null) return unix
    const version = isIP(peer)
    return version !== 0 && trusted.check(peer, version === 4 ? 'ipv4' : 'ipv6')
  }
}
