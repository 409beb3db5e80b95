/** Full TLS handshakes, one connection each; good is one whose certificate is of the authorities that were given. */
import { connect } from 'node:tls'
import { localAddress } from './local-address.ts'
import type { Begin, Order } from './order.ts'
import { type Counting, shownCharacters } from './tally.ts'

const patienceMs = 20_000

export function handshaking({ urls, ca }: Order, count: Counting): { readonly begin: Begin; readonly end: () => void } {
  const ports = urls.map((url) => Number(new URL(url).port))
  const begin: Begin = (index) =>
    new Promise((resolve) => {
      const from = performance.now()
      const port = ports[index % ports.length] ?? 0
      const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost', ...localAddress(index) })
      let done = false
      socket.setTimeout(patienceMs, () => socket.destroy(Object.assign(new Error(), { code: 'no handshake in time' })))
      socket.once('secureConnect', () => {
        done = true
        count.good(performance.now() - from)
        count.shown(socket.getPeerCertificate().fingerprint256.slice(0, shownCharacters))
        socket.destroy()
      })
      socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
        if (!done) count.lost(code ?? message)
        done = true
      })
      socket.once('close', () => {
        if (!done) count.lost('closed in the handshake')
        resolve()
      })
    })
  return { begin, end: () => undefined }
}
