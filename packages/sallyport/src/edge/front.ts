/** The HTTP side of a listener: takes accepted sockets, speaks TLS and HTTP with them. It does not listen itself, so that a change of bounds or
 *  certificates replaces it, or renews it, while the socket goes on listening and connections go on as they began. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { Challenges } from '../certificates/acme/challenges.ts'
import { listenerOptions } from '../certificates/listener-options.ts'
import type { CertificateStore } from '../certificates/store.ts'
import { connectionsCheckEveryMs, type EdgeBounds } from './bounds.ts'
import { parsedFieldsMax, parserOptions } from './http1/parser-options.ts'
import { takeOver, type Upgrade } from './http1/tunnels.ts'
import { type Http2Settings, http2Sessions } from './http2/sessions.ts'
import type { Servers } from './stage.ts'
import { tlsOptions } from './tls-profile.ts'

export interface Front {
  readonly take: (socket: Socket) => void
  /** For the handshakes to come. */
  readonly renew: (certificates: CertificateStore) => void
  /** Ends connections that wait for their next request; they are closed by themselves later, but a stop cannot wait. */
  readonly endIdle: () => void
  /** Takes no more sockets; what it holds open ends by itself, then it is gone. */
  readonly retire: (onGone: () => void) => void
  /** Whether a server of these settings would be the same. */
  readonly like: (tls: boolean, bounds: EdgeBounds) => boolean
}

export interface FrontSettings {
  readonly tls: boolean
  readonly bounds: EdgeBounds
  readonly certificates: CertificateStore
  /** Of TLS-ALPN-01; null: no ACME. */
  readonly challenges: Challenges | null
  readonly onHttp1: (incoming: IncomingMessage, outgoing: ServerResponse, upgrade: Upgrade | null) => void
  readonly onHttp2: Http2Settings['onRequest']
  /** Whether a request may be taken off its connection's order, to become a tunnel. */
  readonly mayUpgrade: (incoming: IncomingMessage) => boolean
  /** Told of the servers once, to watch for what fails before there is a request. */
  readonly watch: (servers: Servers) => void
}

export function createFront(settings: FrontSettings): Front {
  const { tls, bounds, watch } = settings
  let { certificates } = settings
  const http1 = createHttp1(settings)
  const http2 = tls ? http2Sessions({ bounds, onRequest: settings.onHttp2 }) : null
  const secure = tls ? createSecure(settings, () => certificates) : null
  secure?.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2?.take(socket)
    else http1.emit('connection', socket)
  })
  watch({ secure, http1, http2 })
  const first = secure ?? http1
  let open = 0
  let retired: (() => void) | null = null
  const endIfUnused = (): void => {
    if (retired === null || open > 0) return
    // Says that it never listened, which is right; the check for slow clients ends here too.
    http1.close(() => undefined)
    retired()
  }
  return {
    take(socket) {
      open++
      socket.once('close', () => {
        open--
        endIfUnused()
      })
      // A plain client may end its side and wait for the answer; a TLS client ends by a message of TLS.
      if (tls) socket.allowHalfOpen = false
      first.emit('connection', socket)
    },
    renew(next) {
      certificates = next
      secure?.setSecureContext({ ...tlsOptions, ...next.fallback })
    },
    endIdle() {
      http1.closeIdleConnections()
      http2?.endIdle()
    },
    retire(onGone) {
      retired = onGone
      endIfUnused()
    },
    like: (otherTls, other) => otherTls === tls && serverBounds.every((name) => other[name] === bounds[name]),
  }
}

/** Those of the bounds that a server is made with; all others are read from the snapshot. */
const serverBounds = [
  'headerBytesMax',
  'headerFieldsMax',
  'headerTimeMax',
  'handshakeTimeMax',
  'requestTimeMax',
  'idleTimeMax',
] as const satisfies readonly (keyof EdgeBounds)[]

function createHttp1(settings: FrontSettings): Server {
  const { bounds, mayUpgrade } = settings
  const server = createServer({
    ...parserOptions(bounds),
    shouldUpgradeCallback: mayUpgrade,
    headersTimeout: bounds.headerTimeMax,
    requestTimeout: bounds.requestTimeMax,
    keepAliveTimeout: bounds.idleTimeMax,
    connectionsCheckingInterval: connectionsCheckEveryMs,
  })
  server.maxHeadersCount = parsedFieldsMax(bounds)
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    settings.onHttp1(incoming, outgoing, null)
  server.on('request', onRequest).on('checkContinue', onRequest).on('checkExpectation', onRequest)
  server.on('upgrade', (incoming, socket, head) =>
    settings.onHttp1(incoming, ...takeOver(incoming, socket as Socket, head)),
  )
  // Node begins to look for slow clients when a server listens; this one is handed its sockets.
  server.emit('listening')
  return server
}

function createSecure({ bounds, challenges }: FrontSettings, store: () => CertificateStore): TlsServer {
  return createTlsServer({
    ...tlsOptions,
    ...store().fallback,
    ...listenerOptions({ store, challenges, protocols: ['h2', 'http/1.1'] }),
    handshakeTimeout: bounds.handshakeTimeMax,
  })
}
