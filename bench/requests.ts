/** The requests that benchmarks send: five of a payments API, or those of a file. */
import { readFileSync } from 'node:fs'
import type { Header } from '@sallyport/seclang'

export interface BenchRequest {
  readonly name: string
  readonly method: string
  readonly target: string
  readonly headers: readonly Header[]
  readonly body: Buffer | null
}

/** NDJSON as `sallyport inspect` takes it, in raw form: `{"id":"get","raw":"<base64 of an HTTP/1.1 request>"}`. Throws a sentence with
 *  the line. The file is trusted: its requests are split, not checked, and a body is what follows the head. */
export function requestsOf(file: string): readonly BenchRequest[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  const requests = lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    try {
      const { id, raw } = JSON.parse(line)
      return [split(String(id), Buffer.from(raw, 'base64'))]
    } catch (error) {
      throw new Error(`${file}:${index + 1}: ${(error as Error).message}`, { cause: error })
    }
  })
  if (requests.length === 0) throw new Error(`${file}: no requests in it`)
  return requests
}

const headEnd = '\r\n\r\n'

function split(name: string, raw: Buffer): BenchRequest {
  const end = raw.indexOf(headEnd)
  const [line = '', ...fields] = raw.toString('latin1', 0, Math.max(end, 0)).split('\r\n')
  const [method, target] = line.split(' ')
  if (end === -1 || !method || !target) throw new Error('no HTTP/1.1 request')
  const headers = fields.map((field): Header => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon), field.slice(colon + 1).trim()]
  })
  const body = raw.subarray(end + headEnd.length)
  return { name, method, target, headers, body: body.length === 0 ? null : body }
}

const common: readonly Header[] = [
  ['Host', 'api.example.test'],
  ['User-Agent', 'payments-client/3.1 (node 26; linux x64)'],
  ['Accept', 'application/json'],
  ['Accept-Encoding', 'gzip, deflate, br'],
  ['Authorization', 'Basic b3JnX2V4YW1wbGU6a2V5X2V4YW1wbGU='],
  ['X-Request-Id', '0190a0c2-5f1e-7c3b-9a44-2f60d5f1a1b2'],
]

/** A list, a form of twenty fields, payment orders in JSON of about 1 and 14 KB, and SQL injection in a query. */
export function builtInRequests(): readonly BenchRequest[] {
  return [
    get('get', '/api/payment_orders?per_page=25&after_cursor=eyJpZCI6InBvXzEyMyJ9&direction=credit&status=approved'),
    post('form', 'application/x-www-form-urlencoded', new URLSearchParams(formFields()).toString()),
    post('json-1k', 'application/json', JSON.stringify(order(3))),
    post('json-14k', 'application/json', JSON.stringify(order(97))),
    get('attack', '/api/payment_orders?id=1%27%20UNION%20SELECT%20name%2Csecret%20FROM%20accounts--%20-'),
  ]
}

function get(name: string, target: string): BenchRequest {
  return { name, method: 'GET', target, headers: common, body: null }
}

function post(name: string, type: string, text: string): BenchRequest {
  const body = Buffer.from(text)
  const headers: readonly Header[] = [...common, ['Content-Type', type], ['Content-Length', String(body.length)]]
  return { name, method: 'POST', target: '/api/payment_orders', headers, body }
}

function formFields(): [string, string][] {
  const { line_items, ...plain } = order(7)
  const items = line_items.flatMap(({ description, amount }, i): [string, string][] => [
    [`line_items[${i}][description]`, description],
    [`line_items[${i}][amount]`, String(amount)],
  ])
  return [...Object.entries(plain).map(([name, value]): [string, string] => [name, String(value)]), ...items]
}

function order(items: number) {
  return {
    type: 'wire',
    direction: 'credit',
    amount: 1_250_000,
    currency: 'EUR',
    originating_account_id: 'ac_0190a0c25f1e7c3b9a442f60d5f1a1b2',
    receiving_account_id: 'ac_0190a0c25f1e7c3b9a442f60d5f1a1b3',
    description: 'Invoice 2026-0113, net 30; thank you for your order',
    line_items: Array.from({ length: items }, (_, i) => ({
      description: `Consulting in week ${i + 1}, on site & remote`,
      amount: 12_500 + i,
      ledger_account_id: `la_0190a0c25f1e7c3b9a442f60d5f1${String(i).padStart(4, '0')}`,
      taxed: i % 2 === 0,
    })),
  }
}
