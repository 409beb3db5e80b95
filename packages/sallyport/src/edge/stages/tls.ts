/** Refuses a connection whose TLS handshake fails: too old a version, no common cipher, plain HTTP, or too slow.
 *  Decides `protocol` without a status: there is no HTTP yet to answer in. Reads nothing of the snapshot. */
import { decide } from '../decision.ts'
import type { ConnectionStage } from '../stage.ts'

export const tls: ConnectionStage = ({ secure }, refuse) => {
  secure?.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    // A peer that only looks whether the port is open has done nothing to refuse.
    if (error.code === 'ECONNRESET') socket.destroy()
    else refuse(decide('protocol', null), socket, 'connection')
  })
}
