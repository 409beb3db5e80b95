/** Upstreams that do not answer when the edge starts: a word to the operator, and no reason not to start. */
import { connect } from 'node:net'
import type { Config } from '../config/config.ts'

const ports: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** A sentence for each upstream to which no connection can be made within its time. Sends nothing. */
export async function upstreamWarnings({ upstreams }: Pick<Config, 'upstreams'>): Promise<readonly string[]> {
  const all = Object.entries(upstreams).map(async ([name, { url, connect: timeMs }]) => {
    const fault = await faultOf(new URL(url), timeMs)
    return fault === null
      ? []
      : [`upstream ${name} (${url}) does not answer (${fault}): requests get 502 until it does`]
  })
  return (await Promise.all(all)).flat()
}

/** Null: it accepts connections. */
function faultOf({ protocol, hostname, port }: URL, timeMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    const socket = connect({ host, port: port === '' ? (ports[protocol] ?? 0) : Number(port), timeout: timeMs })
    const end = (fault: string | null): void => {
      socket.destroy()
      resolve(fault)
    }
    socket.once('connect', () => end(null))
    socket.once('timeout', () => end('no connection in time'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}
