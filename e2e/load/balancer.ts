/** A balancer as one finds them in front of edges: TCP, in turn, and no more to one whose probe fails. It tries no second edge: a connection that
 *  it gives to an edge that is gone is lost. */
import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

const probeEveryMs = 500

export interface Backend {
  readonly port: number
  /** `/readyz` of its admin listener. */
  readonly probe: string
}

export interface Balancer extends AsyncDisposable {
  readonly port: number
}

export async function balancer(backends: readonly Backend[]): Promise<Balancer> {
  let healthy = [...backends]
  let turn = 0
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const backend = healthy[turn++ % healthy.length]
    if (backend === undefined) return client.destroy()
    const inner = connect({ port: backend.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    for (const [one, other] of [
      [client, inner],
      [inner, client],
    ] as const) {
      open.add(one)
      one.once('close', () => open.delete(one))
      one.on('error', () => other.resetAndDestroy())
      one.pipe(other)
    }
    return client
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const probing = setInterval(() => {
    void Promise.all(backends.map(isReady)).then((ready) => {
      healthy = backends.filter((_, index) => ready[index])
    })
  }, probeEveryMs)
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      clearInterval(probing)
      server.close()
      for (const one of open) one.destroy()
      await once(server, 'close')
    },
  }
}

function isReady({ probe }: Backend): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(probe, { agent: false, timeout: probeEveryMs }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    sent.once('timeout', () => sent.destroy())
    sent.once('error', () => resolve(false))
    sent.end()
  })
}
