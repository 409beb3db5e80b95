/** What a TLS listener asks at each handshake: which certificate, which protocol. One place, because TLS-ALPN-01 ties the two
 *  together: TLS 1.3 settles the protocol before the certificate, TLS 1.2 after it. */
import type { SecureContext, TLSSocket, TlsOptions } from 'node:tls'
import type { Challenges } from './acme/challenges.ts'
import type { CertificateStore } from './store.ts'

/** RFC 8737 §6.2. */
const challengeProtocol = 'acme-tls/1'

export interface HandshakeSettings {
  /** Asked at each handshake, so that a swap is an assignment of the caller's. */
  readonly store: () => CertificateStore
  /** Null: no ACME. */
  readonly challenges: Challenges | null
  /** What is spoken behind TLS, most wanted first: `h2`, `http/1.1`. */
  readonly protocols: readonly string[]
}

/** For `createServer` of `node:https`, `node:tls` and `createSecureServer` of `node:http2`, beside `cert` and `key` of
 *  `store().fallback` and instead of `ALPNProtocols`. */
export function listenerOptions(settings: HandshakeSettings): Pick<TlsOptions, 'SNICallback' | 'ALPNCallback'> {
  const challenged = new WeakMap<TLSSocket, SecureContext>()
  return {
    SNICallback(this: unknown, serverName, answer) {
      const context = challenged.get(this as TLSSocket) ?? settings.store().select(serverName)
      answer(null, context)
    },
    ALPNCallback(this: unknown, { servername, protocols }) {
      if (settings.challenges === null || !protocols.includes(challengeProtocol)) {
        // Undefined ends the handshake with no_application_protocol (RFC 7301 §3.2).
        return settings.protocols.find((protocol) => protocols.includes(protocol))
      }
      const context = settings.challenges.answerName(servername)
      if (context === null) return undefined
      const socket = this as TLSSocket
      challenged.set(socket, context)
      socket.setKeyCert(context)
      endAfterHandshake(socket)
      return challengeProtocol
    },
  }
}

/** RFC 8737 §4: nothing is exchanged after such a handshake. Node hands a connection to HTTP on `secure`; that must not happen
 *  here, or a request could come in over a protocol that no stage knows. */
function endAfterHandshake(socket: TLSSocket): void {
  socket.removeAllListeners('secure')
  socket.once('secure', () => socket.destroySoon())
}
