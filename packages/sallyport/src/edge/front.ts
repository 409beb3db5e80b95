/** The HTTP side of a listener: takes accepted sockets, speaks TLS and HTTP with them. It does not listen itself, so that a change of bounds or
 *  certificates replaces it, or renews it, while the socket goes on listening and connections go on as they began. */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { connectionsCheckEveryMs, type EdgeBounds } from './bounds.ts'
import { parsedFieldsMax, parserOptions } from './parser-options.ts'
import type { CertificateChoice } from './snapshot.ts'
import { tlsOptions } from './tls-profile.ts'

export interface Front {
  readonly take: (socket: Socket) => void
  /** For the handshakes to come. */
  readonly renew: (certificates: CertificateChoice) => void
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
  readonly certificates: CertificateChoice
  readonly onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => void
  /** Told of the server once, to watch for what fails before there is a request. */
  readonly watch: (server: Server) => void
}

export function createFront(settings: FrontSettings): Front {
  const { tls, bounds, onRequest, watch } = settings
  let { certificates } = settings
  const secure = tls ? createSecure(bounds, () => certificates) : null
  const server = secure ?? createServer(optionsOf(bounds))
  server.maxHeadersCount = parsedFieldsMax(bounds)
  server.on('request', onRequest).on('checkContinue', onRequest).on('checkExpectation', onRequest)
  watch(server)
  // Node begins to look for slow clients when a server listens; this one is handed its sockets.
  server.emit('listening')
  let open = 0
  let retired: (() => void) | null = null
  const endIfUnused = (): void => {
    if (retired === null || open > 0) return
    // Says that it never listened, which is right; the check for slow clients ends here too.
    server.close(() => undefined)
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
      server.emit('connection', socket)
    },
    renew(next) {
      certificates = next
      secure?.setSecureContext({ ...tlsOptions, ...next.fallback })
    },
    endIdle: () => server.closeIdleConnections(),
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

function optionsOf(bounds: EdgeBounds): ServerOptions {
  return {
    ...parserOptions(bounds),
    headersTimeout: bounds.headerTimeMax,
    requestTimeout: bounds.requestTimeMax,
    keepAliveTimeout: bounds.idleTimeMax,
    connectionsCheckingInterval: connectionsCheckEveryMs,
  }
}

function createSecure(bounds: EdgeBounds, certificates: () => CertificateChoice) {
  return createTlsServer({
    ...optionsOf(bounds),
    ...tlsOptions,
    ...certificates().fallback,
    SNICallback: (serverName, answer) => answer(null, certificates().select(serverName)),
    handshakeTimeout: bounds.handshakeTimeMax,
  })
}
