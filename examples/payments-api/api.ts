/** The example upstream: a small payments API in memory, plain HTTP, every path under `/api/`. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Page } from './collection.ts'
import { type Answer, ApiError, errorAnswer, readObject, send } from './json.ts'
import { paymentOrders } from './payment-orders.ts'
import { webhookEndpoints } from './webhook-endpoints.ts'

/** One call: its method, its path with `:id` where an id stands, what it answers. */
interface Call {
  readonly method: string
  readonly path: string
  readonly answer: (asked: Asked) => Answer | Promise<Answer>
}

interface Asked {
  readonly request: IncomingMessage
  readonly query: URLSearchParams
  readonly id: string
}

const pageSizeDefault = 25
const pageSizeMax = 100

/** An API of its own, empty at first; the caller listens and closes. */
export function createPaymentsApi(): Server {
  const calls = callsOf()
  return createServer((request, response) => {
    void answerTo(calls, request).then((answer) => send(response, answer))
  })
}

function callsOf(): readonly Call[] {
  const orders = paymentOrders()
  const endpoints = webhookEndpoints()
  return [
    { method: 'GET', path: '/api/health', answer: () => ok({ status: 'ok' }) },
    { method: 'GET', path: '/api/payment_orders', answer: ({ query }) => paged(query, orders.list) },
    {
      method: 'POST',
      path: '/api/payment_orders',
      answer: async ({ request }) => {
        const key = request.headers['idempotency-key']
        return created(orders.create(await readObject(request), typeof key === 'string' ? key : null))
      },
    },
    { method: 'GET', path: '/api/payment_orders/:id', answer: ({ id }) => ok(orders.get(id)) },
    { method: 'POST', path: '/api/payment_orders/:id/cancel', answer: ({ id }) => ok(orders.cancel(id)) },
    { method: 'GET', path: '/api/webhook_endpoints', answer: ({ query }) => paged(query, endpoints.list) },
    {
      method: 'POST',
      path: '/api/webhook_endpoints',
      answer: async ({ request }) => created(endpoints.create(await readObject(request))),
    },
    { method: 'GET', path: '/api/webhook_endpoints/:id', answer: ({ id }) => ok(endpoints.get(id)) },
    {
      method: 'DELETE',
      path: '/api/webhook_endpoints/:id',
      answer: ({ id }) => {
        endpoints.remove(id)
        return { status: 204, body: null }
      },
    },
  ]
}

/** Finds the call and makes it; every failure becomes a JSON answer. */
async function answerTo(calls: readonly Call[], request: IncomingMessage): Promise<Answer> {
  try {
    const url = URL.parse(request.url ?? '', 'http://api.invalid')
    if (url === null) throw new ApiError(400, 'invalid_target', 'the request target cannot be read')
    const { call, id } = find(calls, request.method ?? '', url.pathname)
    return await call.answer({ request, query: url.searchParams, id })
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error)
    return errorAnswer(new ApiError(500, 'internal', 'the API failed'))
  }
}

function find(calls: readonly Call[], method: string, path: string): { call: Call; id: string } {
  const asked = path.split('/')
  const samePath = calls.filter((call) => matches(call.path.split('/'), asked))
  if (samePath.length === 0) throw new ApiError(404, 'not_found', 'there is no such path')
  const call = samePath.find((candidate) => candidate.method === method)
  if (call === undefined)
    throw new ApiError(405, 'method_not_allowed', `use ${samePath.map((one) => one.method).join(' or ')}`)
  return { call, id: asked[call.path.split('/').indexOf(':id')] ?? '' }
}

function matches(pattern: readonly string[], asked: readonly string[]): boolean {
  return pattern.length === asked.length && pattern.every((part, i) => part === ':id' || part === asked[i])
}

function paged<T>(query: URLSearchParams, list: (size: number, afterCursor: string | null) => Page<T>): Answer {
  const size = Number(query.get('per_page') ?? pageSizeDefault)
  if (!Number.isInteger(size) || size < 1 || size > pageSizeMax) {
    throw new ApiError(422, 'parameter_invalid', `per_page must be 1 to ${pageSizeMax}`, 'per_page')
  }
  const { items, afterCursor } = list(size, query.get('after_cursor'))
  const cursor = afterCursor === null ? {} : { 'x-after-cursor': afterCursor }
  return { status: 200, body: items, headers: { 'x-per-page': String(size), ...cursor } }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function created(body: unknown): Answer {
  return { status: 201, body }
}
