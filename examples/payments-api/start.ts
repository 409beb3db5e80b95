/** `npm start`: the example API on a loopback port, the edge in front of it by its own public entry, and commands to try.
 *  Flags: `--listen HOST:PORT` (127.0.0.1:8443), `--data DIR` (data/ of the checkout). Ctrl-C or SIGTERM stops both. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { createPaymentsApi } from './api.ts'
import { greeting, paintForStandardError } from './greeting.ts'

const checkout = join(import.meta.dirname, '../..')
const { values: flags } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:8443' },
    data: { type: 'string', default: join(checkout, 'data') },
  },
})

/** No secret: printed below, and good for the objects in this process's memory. */
const [organisation, key] = ['org_demo', 'key_demo']
const api = createPaymentsApi({ [organisation]: key }).listen(0, '127.0.0.1')
await once(api, 'listening')
const upstream = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
const edge = startEdge(upstream)
const stop = (): void => void edge.kill('SIGTERM')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
// npm passes SIGTERM to the shell between us alone; the shell dies, and nobody would tell us.
const parent = process.ppid
const orphanCheckMs = 200
setInterval(() => process.ppid !== parent && stop(), orphanCheckMs).unref()
edge.on('exit', (code) => {
  process.exitCode = code ?? 1
  api.close()
  api.closeAllConnections()
})
for await (const line of createInterface({ input: edge.stderr })) {
  process.stderr.write(`${line}\n`)
  const url = /^ready public (\S+)$/.exec(line)?.[1]
  if (url === undefined) continue
  const certificate = join(flags.data, 'development-cert.pem')
  process.stderr.write(greeting({ url, upstream, certificate, organisation, key }, paintForStandardError))
}

/** Its decisions go straight to our standard output; its words are read for the `ready` line and passed on. */
function startEdge(upstream: string): ChildProcessByStdio<null, null, Readable> {
  const program = join(checkout, 'packages/sallyport/bin/sallyport.js')
  const options = ['--upstream', upstream, '--listen', flags.listen, '--data', flags.data]
  return spawn(process.execPath, [program, 'edge', ...options], { stdio: ['ignore', 'inherit', 'pipe'] })
}
