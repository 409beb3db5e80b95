/** Where to listen: `127.0.0.1:8443`, `[::1]:8443`, `localhost:0`, `unix:./edge.sock`. */
import { isIP, isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { isHostName } from './host.ts'

export type Address =
  /** IPv6 without brackets. Port 0: any free one. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** Absolute. */
  | { readonly kind: 'unix'; readonly path: string }

const portMax = 65_535
/** What the kernel keeps of a socket's path, without the NUL at its end (`sun_path`, unix(7)); longer ones are cut in silence. */
const socketPathBytesMax = 107

/** Null: it is none. Paths are relative to `directory`. */
export function parseAddress(text: string, directory: string): Address | null {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length)
    const absolute = resolve(directory, path)
    const fits = path !== '' && !path.includes('\0') && Buffer.byteLength(absolute) <= socketPathBytesMax
    return fits ? { kind: 'unix', path: absolute } : null
  }
  const [, bracketed, name, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? name ?? ''
  const port = Number(digits ?? Number.NaN)
  const known = bracketed === undefined ? isIP(host) === 4 || isHostName(host) : isIPv6(host)
  return known && port <= portMax ? { kind: 'tcp', host: host.toLowerCase(), port } : null
}

/** As it is written in a configuration. */
export function formatAddress(address: Address): string {
  if (address.kind === 'unix') return `unix:${address.path}`
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

/** Only programs of this machine reach it. */
export function isLocal(address: Address): boolean {
  return address.kind === 'unix' || /^(localhost|127\.[\d.]+|::1)$/.test(address.host)
}
