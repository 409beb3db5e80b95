/** A socket that listens, on a port or a Unix socket. */
import { unlinkSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { ListenAddress } from './snapshot.ts'

/** Resolves when connections are accepted; rejects with Node's own error (`EADDRINUSE` …) when they cannot be. The socket file of a program that
 *  was killed is replaced; that of one that lives is not. */
export async function openSocket(listen: ListenAddress, onConnection: (socket: Socket) => void): Promise<Server> {
  // Half open: a client may end its side and wait for its answer.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection)
  try {
    await listening(server, listen)
  } catch (error) {
    if (listen.kind !== 'unix' || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    if (await answers(listen.path)) throw error
    unlinkSync(listen.path)
    await listening(server, listen)
  }
  return server
}

/** Where it listens, with the real port; `unix:/path` for a Unix socket. */
export function urlOf(scheme: 'http' | 'https', listen: ListenAddress, server: Server): string {
  if (listen.kind === 'unix') return `unix:${listen.path}`
  const name = listen.host.includes(':') ? `[${listen.host}]` : listen.host
  return `${scheme}://${name}:${(server.address() as AddressInfo).port}`
}

/** Whether somebody accepts connections at a Unix socket. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false)
      else reject(error)
    })
    socket.once('connect', () => socket.destroy())
  })
}

function listening(server: Server, listen: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.kind === 'unix' ? { path: listen.path } : { host: listen.host, port: listen.port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
