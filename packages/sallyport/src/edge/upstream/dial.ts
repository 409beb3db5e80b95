/** Opens connections to one origin, plain or TLS. */
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, createSecureContext } from 'node:tls'
import type { UpstreamTls } from '../upstream.ts'

export interface Dialled {
  readonly socket: Socket
  /** When this is emitted, requests may be written. */
  readonly readyEvent: 'connect' | 'secureConnect'
}

/** Throws where a certificate or key cannot be read. */
export type Dial = () => Dialled

/** A peer that is gone without a word is found by the kernel, hours earlier than by its own default. */
const probeAfterMs = 60_000

/** `origin`: `http://host:port` or `https://…`. Nothing is dialled before the first call. */
export function dialler(origin: string, tls: UpstreamTls | null): Dial {
  const { protocol, hostname, port } = new URL(origin)
  const secure = protocol === 'https:'
  const to = {
    host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: probeAfterMs,
  }
  return secure ? tlsDialler(to, tls) : () => ({ socket: connectTcp(to), readyEvent: 'connect' })
}

/** Keeps the latest session, so that the next handshake is short (RFC 8446 §2.2). */
function tlsDialler(to: ConnectionOptions & { readonly host: string }, tls: UpstreamTls | null): Dial {
  const serverName = tls?.serverName ?? (isIP(to.host) === 0 ? to.host : null)
  let options: ConnectionOptions | null = null
  let session: Buffer | null = null
  return () => {
    options ??= {
      ...to,
      ALPNProtocols: ['http/1.1'],
      ...(serverName === null ? {} : { servername: serverName }),
      secureContext: createSecureContext({
        ...(tls === null || tls.ca === null ? {} : { ca: tls.ca }),
        ...tls?.client,
      }),
    }
    const socket = connectTls(session === null ? options : { ...options, session })
    // Node tells of it once the server is verified: where a session goes on, it compares the name no more.
    socket.on('session', (latest) => {
      session = latest
    })
    return { socket, readyEvent: 'secureConnect' }
  }
}
