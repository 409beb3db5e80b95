/** Whom to trust as a proxy: `10.0.0.0/8`, `2001:db8::/32`, a single address, or `unix`: whoever may open the Unix socket. */
import { isIP } from 'node:net'

export type ProxySource = Cidr | 'unix'

/** For `net.BlockList.addSubnet`, which leaves out the bits behind the prefix. */
export interface Cidr {
  readonly family: 'ipv4' | 'ipv6'
  readonly address: string
  readonly prefix: number
}

const addressBits = { ipv4: 32, ipv6: 128 } as const

/** Null: it is none. An IPv4 address inside of IPv6 (`::ffff:…`) is refused: the edge compares such clients as IPv4. */
export function parseProxySource(text: string): ProxySource | null {
  if (text === 'unix') return 'unix'
  const [, address = '', digits] = /^([\da-fA-F.:]{1,45})(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0 || /^::ffff:/i.test(address)) return null
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const prefix = digits === undefined ? addressBits[family] : Number(digits)
  return prefix <= addressBits[family] ? { family, address: address.toLowerCase(), prefix } : null
}

export function formatProxySource(source: ProxySource): string {
  return source === 'unix' ? source : `${source.address}/${source.prefix}`
}
