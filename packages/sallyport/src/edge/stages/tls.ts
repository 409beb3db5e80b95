/** Refuses a connection whose TLS handshake fails: too old a version, no common cipher, plain HTTP, or too slow.
 *  Decides `protocol` without a status: there is no HTTP yet to answer in. Reads nothing of the snapshot. */
import type { Server } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { decide } from '../decision.ts'
import type { ConnectionStage } from '../stage.ts'

export const tls: ConnectionStage = (server, refuse) => {
  // First in line: Node tells a failed handshake to `clientError` too, as if it were a broken request.
  server.prependListener(
    'tlsClientError' as Parameters<Server['on']>[0],
    (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      // A peer that only looks whether the port is open has done nothing to refuse.
      if (error.code === 'ECONNRESET') socket.destroy()
      else refuse(decide('protocol', null), socket, 'connection')
    },
  )
}
