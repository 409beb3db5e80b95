/** The admin listener: plain HTTP, read only, for probes and Prometheus. Bounded like any listener, and smaller: its clients are few and known. */

import { unlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { answers, urlOf } from '../edge/listening.ts'
import type { ListenAddress } from '../edge/snapshot.ts'

/** Connections at once: a scraper, a few probes, a person. */
const connectionsMax = 64
const headerBytesMax = 8 * 1024
const requestTimeMaxMs = 5000
const idleTimeMaxMs = 5000

export interface AdminPorts {
  /** False while the edge stops: a balancer sends nothing more. */
  readonly ready: () => boolean
  readonly metrics: { readonly text: () => Promise<string>; readonly contentType: string }
}

export interface AdminListener {
  /** Null: none. */
  readonly url: () => string | null
  /** Opens where to listen next; null is nowhere. Rejects with Node's own error, and nothing changed. */
  readonly prepare: (listen: ListenAddress | null) => Promise<AdminChange>
  readonly stop: () => void
}

export interface AdminChange {
  readonly swap: () => void
  readonly abandon: () => void
}

/** Nowhere, until it is told where. */
export function adminListener(ports: AdminPorts): AdminListener {
  let open: { readonly key: string; readonly listen: ListenAddress; readonly server: Server } | null = null
  return {
    url: () => (open === null ? null : urlOf('http', open.listen, open.server)),
    async prepare(listen) {
      const key = JSON.stringify(listen)
      if (open?.key === key) return { swap: () => undefined, abandon: () => undefined }
      const next = listen === null ? null : { key, listen, server: await openServer(listen, ports) }
      return {
        swap() {
          const before = open
          open = next
          if (before !== null) close(before.server)
        },
        abandon() {
          if (next !== null) close(next.server)
        },
      }
    },
    stop() {
      if (open !== null) close(open.server)
    },
  }
}

function close(server: Server): void {
  server.close()
  server.closeAllConnections()
}

async function openServer(listen: ListenAddress, ports: AdminPorts): Promise<Server> {
  const options = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: requestTimeMaxMs,
    requestTimeout: requestTimeMaxMs,
    keepAliveTimeout: idleTimeMaxMs,
    connectionsCheckingInterval: 1000,
  }
  const server = createServer(options, answering(ports))
  server.maxConnections = connectionsMax
  if (listen.kind === 'unix' && !(await answers(listen.path))) removeLeftover(listen.path)
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    const where = listen.kind === 'unix' ? { path: listen.path } : { host: listen.host, port: listen.port }
    server.listen(where, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

function removeLeftover(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function answering({ ready, metrics }: AdminPorts): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    const say = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, {
        'content-type': type,
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
      })
      response.end(text)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return say(405, 'read only\n')
    }
    switch (request.url) {
      case '/healthz':
        return say(200, 'alive\n')
      case '/readyz':
        return ready() ? say(200, 'ready\n') : say(503, 'stopping\n')
      case '/metrics':
        metrics.text().then(
          (text) => say(200, text, metrics.contentType),
          () => response.destroy(),
        )
        return
      default:
        return say(404, 'there is /healthz, /readyz and /metrics\n')
    }
  }
}
