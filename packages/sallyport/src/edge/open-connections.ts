/** How many connections each client address has open, over all listeners. Holds one entry an address with an open connection, and none after. */
import type { Socket } from 'node:net'

export interface OpenConnections {
  readonly total: () => number
  readonly of: (address: string) => number
  /** Counts the connection until it is closed. `address` null: a Unix socket's peer, part of the total alone. */
  readonly add: (address: string | null, socket: Socket) => void
}

export function openConnections(): OpenConnections {
  const byAddress = new Map<string, number>()
  let total = 0
  const count = (address: string | null, step: 1 | -1): void => {
    total += step
    if (address === null) return
    const open = (byAddress.get(address) ?? 0) + step
    if (open === 0) byAddress.delete(address)
    else byAddress.set(address, open)
  }
  return {
    total: () => total,
    of: (address) => byAddress.get(address) ?? 0,
    add(address, socket) {
      count(address, 1)
      socket.once('close', () => count(address, -1))
    },
  }
}
