/** The table of calls: method, path, and what it answers. openapi.ts describes the same calls; a test compares. */

import type { Page } from './collection.ts'
import { type Counterparties, counterparties } from './counterparties.ts'
import { idempotency, type Once } from './idempotency.ts'
import { type Answer, ApiError } from './json.ts'
import { type LedgerTransactions, ledgerTransactions } from './ledger-transactions.ts'
import { openApi } from './openapi.ts'
import { type PaymentOrders, paymentOrders } from './payment-orders.ts'
import { type WebhookEndpoints, webhookEndpoints } from './webhook-endpoints.ts'

/** All that belongs to one organisation. */
export interface Books {
  readonly orders: PaymentOrders
  readonly counterparties: Counterparties
  readonly ledger: LedgerTransactions
  readonly endpoints: WebhookEndpoints
  readonly once: Once
}

export interface Asked {
  readonly books: Books
  readonly query: URLSearchParams
  /** What stands in the path where the call has `:id`; else empty. */
  readonly id: string
  /** The object in the body; rejects with `ApiError`. */
  readonly fields: () => Promise<Readonly<Record<string, unknown>>>
  readonly idempotencyKey: string | null
}

/** A call for anybody needs no credentials, and sees nobody's books. */
export type Call = {
  readonly method: string
  /** With `:id` where an id stands. */
  readonly path: string
} & (
  | { readonly who: 'organisation'; readonly answer: (asked: Asked) => Answer | Promise<Answer> }
  | { readonly who: 'anybody'; readonly answer: () => Answer }
)

const gone: Answer = { status: 204, body: null }
const pageSizeDefault = 25
const pageSizeMax = 100

export function newBooks(): Books {
  return {
    orders: paymentOrders(),
    counterparties: counterparties(),
    ledger: ledgerTransactions(),
    endpoints: webhookEndpoints(),
    once: idempotency(),
  }
}

export const calls: readonly Call[] = [
  { method: 'GET', path: '/api/health', who: 'anybody', answer: () => ok({ status: 'ok' }) },
  { method: 'GET', path: '/api/openapi.json', who: 'anybody', answer: () => ok(openApi) },
  ...collectionCalls('/api/payment_orders', ({ orders }) => orders),
  organisation('POST', '/api/payment_orders/:id/cancel', ({ books, id }) => ok(books.orders.cancel(id))),
  ...collectionCalls('/api/counterparties', ({ counterparties }) => counterparties),
  organisation('DELETE', '/api/counterparties/:id', ({ books, id }) => {
    books.counterparties.remove(id)
    return gone
  }),
  ...collectionCalls('/api/ledger_transactions', ({ ledger }) => ledger),
  organisation('PATCH', '/api/ledger_transactions/:id', async ({ books, id, fields }) =>
    ok(books.ledger.update(id, await fields())),
  ),
  ...collectionCalls('/api/webhook_endpoints', ({ endpoints }) => endpoints),
  organisation('DELETE', '/api/webhook_endpoints/:id', ({ books, id }) => {
    books.endpoints.remove(id)
    return gone
  }),
]

/** What each kind of object has: a list, one by its id, and creating, which is safe to repeat. */
interface Kind {
  readonly list: (size: number, afterCursor: string | null) => Page<object>
  readonly get: (id: string) => object
  readonly create: (fields: Readonly<Record<string, unknown>>) => object
}

function collectionCalls(path: string, kindIn: (books: Books) => Kind): readonly Call[] {
  return [
    organisation('GET', path, ({ books, query }) => paged(query, kindIn(books).list)),
    organisation('POST', path, async ({ books, fields, idempotencyKey }) => {
      const given = await fields()
      const create = (): Answer => ({ status: 201, body: kindIn(books).create(given) })
      return books.once(idempotencyKey, { call: `POST ${path}`, fields: given }, create)
    }),
    organisation('GET', `${path}/:id`, ({ books, id }) => ok(kindIn(books).get(id))),
  ]
}

function organisation(method: string, path: string, answer: (asked: Asked) => Answer | Promise<Answer>): Call {
  return { method, path, who: 'organisation', answer }
}

function paged(query: URLSearchParams, list: Kind['list']): Answer {
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
