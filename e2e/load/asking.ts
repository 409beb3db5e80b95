/** HTTP requests, half of them over kept connections, half over one each; every third has a body. Good is a 200 whose body names what was asked
 *  and sent: another's answer is a wrong one. */
import { Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { localAddress } from './local-address.ts'
import type { Begin, Order } from './order.ts'
import type { Counting } from './tally.ts'

const patienceMs = 20_000
const keptMax = 50
/** Node heeds what the server says of its patience (`Keep-Alive: timeout=15`) only where the client has one of its own; without, both would end a
 *  connection in the same moment, and a request be lost between them (RFC 9112 §9.5). */
const keptForMs = 60_000

export function asking({ urls, ca }: Order, count: Counting): { readonly begin: Begin; readonly end: () => void } {
  const kept = { keepAlive: true, maxSockets: keptMax, timeout: keptForMs }
  const agents = { 'http:': new PlainAgent(kept), 'https:': new SecureAgent(kept) }
  const begin: Begin = (index) =>
    new Promise((resolve) => {
      const from = performance.now()
      const base = urls[index % urls.length] ?? ''
      const secure = base.startsWith('https:')
      const body = index % 3 === 0 ? `body ${index}` : ''
      const isKept = Math.floor(index / urls.length) % 2 === 0
      const options: RequestOptions & { ca?: string; servername?: string } = {
        method: body === '' ? 'GET' : 'POST',
        headers: body === '' ? {} : { 'content-length': Buffer.byteLength(body), 'content-type': 'text/plain' },
        ...(isKept ? { agent: agents[secure ? 'https:' : 'http:'] } : { agent: false, ...localAddress(index) }),
        ...(secure ? { ca, servername: 'localhost' } : {}),
      }
      const path = `/tag/${index}`
      const sent = (secure ? secureRequest : plainRequest)(`${base}${path}`, options)
      let settled = false
      const settle = (why: string | null): void => {
        if (settled) return
        settled = true
        if (why === null) count.good(performance.now() - from)
        else count.lost(why)
        resolve()
      }
      sent.setTimeout(patienceMs, () => sent.destroy(Object.assign(new Error(), { code: 'no answer in time' })))
      sent.once('error', ({ code, message }: NodeJS.ErrnoException) =>
        settle(`${code ?? message} of ${secure ? 'TLS' : 'plain'}${sent.reusedSocket ? ' on a kept connection' : ''}`),
      )
      sent.once('response', (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        answer.once('error', ({ code, message }: NodeJS.ErrnoException) => settle(`${code ?? message} in the answer`))
        answer.once('end', () => {
          if (answer.statusCode !== 200) settle(`status ${answer.statusCode}`)
          else settle(text === `${path} ${body}` ? null : 'wrong answer')
        })
      })
      sent.end(body)
    })
  const end = (): void => {
    for (const agent of Object.values(agents)) agent.destroy()
  }
  return { begin, end }
}
