/** Stands between a TLS client and the edge, changes nothing, and sees what the client's TLS hides from its user: whether the other side said
 *  its last word. Of TLS 1.2 records, where the type of an alert is in clear:
 *
 *  | bytes | what                                    |
 *  |-------|-----------------------------------------|
 *  | 1     | type; 21: an alert, here `close_notify` |
 *  | 2     | version                                 |
 *  | 2     | length of what follows                  | */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TlsRelay extends AsyncDisposable {
  readonly port: number
  /** The connection of the client with this port. */
  readonly of: (clientPort: number) => Relayed
}

export interface Relayed {
  /** Whether the edge's last record is an alert; without one, what came before may be cut off (RFC 8446 §6.1). */
  readonly saidGoodbye: () => boolean
  /** Leaves the edge with a reset, as a TLS client by itself cannot. */
  readonly breakOff: () => void
}

const headBytes = 5
const alert = 21

export async function startTlsRelay(edgePort: number): Promise<TlsRelay> {
  const relayed = new Map<number, Relayed>()
  const clients = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const edge = connect({ port: edgePort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    clients.add(client)
    const lastRecord = watchRecords(edge)
    for (const [from, to] of [
      [client, edge],
      [edge, client],
    ] as const) {
      from.on('error', () => from.destroy()).pipe(to)
      from.on('close', () => to.destroySoon())
    }
    relayed.set(client.remotePort ?? 0, {
      saidGoodbye: () => lastRecord() === alert,
      breakOff: () => void edge.resetAndDestroy(),
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const none: Relayed = { saidGoodbye: () => false, breakOff: () => undefined }
  return {
    port: (server.address() as AddressInfo).port,
    of: (clientPort) => relayed.get(clientPort) ?? none,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function watchRecords(socket: Socket): () => number {
  let last = 0
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= headBytes) {
      const end = headBytes + rest.readUInt16BE(headBytes - 2)
      if (rest.length < end) return
      last = rest.readUInt8()
      rest = rest.subarray(end)
    }
  })
  return () => last
}
