import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createPaymentsApi } from './api.ts'

const keys = { org_one: 'key-one', org_two: 'key-two' }
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
const json = { 'content-type': 'application/json', authorization: basic('org_one:key-one') }

const order = {
  type: 'wire',
  direction: 'credit',
  amount: 12_500,
  currency: 'EUR',
  originating_account_id: 'ac_1',
  receiving_account_id: 'ac_2',
}

const party = { name: 'Acme', country: 'DE', account_number: 'DE89370400440532013000' }
const entry = (direction: string, amount: number): object => ({ ledger_account_id: 'la_1', direction, amount })

interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into JSON of every shape
  readonly body: any
}

interface Api extends AsyncDisposable {
  readonly ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
}

async function api(): Promise<Api> {
  const server = createPaymentsApi(keys).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    async ask(method, path, body, headers = json) {
      const text = typeof body === 'string' || body instanceof ReadableStream ? body : JSON.stringify(body)
      const init = { method, headers, ...(text && { body: text, duplex: 'half' as const }) }
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
      const answer = await response.text()
      return { status: response.status, headers: response.headers, body: answer === '' ? null : JSON.parse(answer) }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('an order can be created, read and cancelled', async () => {
  await using payments = await api()
  const { ask } = payments
  const made = await ask('POST', '/api/payment_orders', order)
  assert.equal(made.status, 201)
  assert.match(made.body.id, /^po_/)
  assert.deepEqual((await ask('GET', `/api/payment_orders/${made.body.id}`)).body, made.body)
  const cancelled = await ask('POST', `/api/payment_orders/${made.body.id}/cancel`)
  assert.deepEqual(cancelled.body, { ...made.body, status: 'cancelled' })
})

test('the same Idempotency-Key with the same fields creates one order, with other fields it is refused', async () => {
  await using payments = await api()
  const headers = { ...json, 'idempotency-key': 'k1' }
  const first = await payments.ask('POST', '/api/payment_orders', order, headers)
  const again = await payments.ask('POST', '/api/payment_orders', order, headers)
  const turned = Object.fromEntries(Object.entries(order).toReversed())
  const reordered = await payments.ask('POST', '/api/payment_orders', turned, headers)
  const other = await payments.ask('POST', '/api/payment_orders', { ...order, amount: 1 }, headers)
  assert.deepEqual([again.status, again.body, reordered.body], [201, first.body, first.body])
  assert.deepEqual([other.status, other.body.errors.code], [409, 'idempotency_key_reused'])
  assert.equal((await payments.ask('GET', '/api/payment_orders')).body.length, 1)
})

test('a list is read page by page, each object once, in order', async () => {
  await using payments = await api()
  const made: string[] = []
  for (let i = 0; i < 5; i++) made.push((await payments.ask('POST', '/api/payment_orders', order)).body.id)
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&after_cursor=${cursor}`
    const page: Answer = await payments.ask('GET', `/api/payment_orders?per_page=2${after}`)
    seen.push(...page.body.map(({ id }: { id: string }) => id))
    cursor = page.headers.get('x-after-cursor')
  }
  assert.deepEqual(seen, made)
})

test('a webhook endpoint shows its secret once, and can be removed', async () => {
  await using payments = await api()
  const made = await payments.ask('POST', '/api/webhook_endpoints', { url: 'https://receiver.example/hooks' })
  assert.match(made.body.secret, /^whsec_/)
  const listed = await payments.ask('GET', '/api/webhook_endpoints')
  assert.deepEqual([listed.body.length, listed.body[0].id, listed.body[0].secret], [1, made.body.id, undefined])
  assert.equal((await payments.ask('DELETE', `/api/webhook_endpoints/${made.body.id}`)).status, 204)
  assert.equal((await payments.ask('GET', `/api/webhook_endpoints/${made.body.id}`)).status, 404)
})

const refused: readonly {
  why: string
  method: string
  path: string
  body?: unknown
  type?: string
  status: number
  names?: string
}[] = [
  { why: 'an unknown path', method: 'GET', path: '/api/nothing', status: 404 },
  { why: 'a path outside /api/', method: 'GET', path: '/', status: 404 },
  { why: 'an unknown order', method: 'GET', path: '/api/payment_orders/po_x', status: 404 },
  { why: 'a method that the path has not', method: 'PUT', path: '/api/payment_orders', body: {}, status: 405 },
  { why: 'broken JSON', method: 'POST', path: '/api/payment_orders', body: '{', status: 400 },
  { why: 'JSON that is no object', method: 'POST', path: '/api/payment_orders', body: '[]', status: 400 },
  {
    why: 'another media type',
    method: 'POST',
    path: '/api/payment_orders',
    body: 'a=b',
    type: 'text/plain',
    status: 415,
  },
  {
    why: 'a body over the bound',
    method: 'POST',
    path: '/api/payment_orders',
    body: JSON.stringify('x'.repeat(70_000)),
    status: 413,
  },
  {
    why: 'a fraction of a cent',
    method: 'POST',
    path: '/api/payment_orders',
    body: { ...order, amount: 1.5 },
    status: 422,
    names: 'amount',
  },
  {
    why: 'an amount as text',
    method: 'POST',
    path: '/api/payment_orders',
    body: { ...order, amount: '1' },
    status: 422,
    names: 'amount',
  },
  {
    why: 'an unknown currency',
    method: 'POST',
    path: '/api/payment_orders',
    body: { ...order, currency: 'XXX' },
    status: 422,
    names: 'currency',
  },
  {
    why: 'a field that no order has',
    method: 'POST',
    path: '/api/payment_orders',
    body: { ...order, admin: true },
    status: 422,
    names: 'admin',
  },
  { why: 'a page of nothing', method: 'GET', path: '/api/payment_orders?per_page=0', status: 422, names: 'per_page' },
  {
    why: 'an unknown cursor',
    method: 'GET',
    path: '/api/payment_orders?after_cursor=x',
    status: 422,
    names: 'after_cursor',
  },
  {
    why: 'a ledger transaction whose debits and credits differ',
    method: 'POST',
    path: '/api/ledger_transactions',
    body: { entries: [entry('debit', 100), entry('credit', 99)] },
    status: 422,
    names: 'entries',
  },
  {
    why: 'a ledger transaction of nothing',
    method: 'POST',
    path: '/api/ledger_transactions',
    body: { entries: [] },
    status: 422,
    names: 'entries',
  },
  {
    why: 'a counterparty with a country that is none',
    method: 'POST',
    path: '/api/counterparties',
    body: { ...party, country: 'germany' },
    status: 422,
    names: 'country',
  },
  {
    why: 'a webhook in clear',
    method: 'POST',
    path: '/api/webhook_endpoints',
    body: { url: 'http://a.example' },
    status: 422,
    names: 'url',
  },
]
for (const { why, method, path, body, type = 'application/json', status, names = null } of refused) {
  test(`${why} is refused with ${status}, in JSON`, async () => {
    await using payments = await api()
    const answer = await payments.ask(method, path, body, { ...json, 'content-type': type })
    assert.deepEqual([answer.status, answer.body.errors.parameter], [status, names])
  })
}

test('the API says that it is well', async () => {
  await using payments = await api()
  assert.deepEqual((await payments.ask('GET', '/api/health')).body, { status: 'ok' })
})

test('a counterparty shows the last digits of its account number alone, and can be removed', async () => {
  await using payments = await api()
  const made = await payments.ask('POST', '/api/counterparties', party)
  assert.deepEqual([made.status, made.body.account_number_last4], [201, '3000'])
  assert.ok(!JSON.stringify(made.body).includes(party.account_number))
  assert.equal((await payments.ask('DELETE', `/api/counterparties/${made.body.id}`)).status, 204)
  assert.equal((await payments.ask('GET', `/api/counterparties/${made.body.id}`)).status, 404)
})

test('a balanced ledger transaction is posted once, and then never changes', async () => {
  await using payments = await api()
  const made = await payments.ask('POST', '/api/ledger_transactions', {
    entries: [entry('debit', 100), entry('credit', 60), entry('credit', 40)],
  })
  assert.deepEqual([made.status, made.body.status], [201, 'pending'])
  const path = `/api/ledger_transactions/${made.body.id}`
  assert.equal((await payments.ask('PATCH', path, { status: 'posted' })).body.status, 'posted')
  const again = await payments.ask('PATCH', path, { status: 'archived' })
  assert.deepEqual([again.status, again.body.errors.code], [409, 'conflict'])
})

const strangers: readonly { why: string; authorization?: string }[] = [
  { why: 'no credentials' },
  { why: 'a wrong key', authorization: basic('org_one:key-two') },
  { why: 'an unknown organisation', authorization: basic('org_three:key-one') },
  { why: 'an organisation that every object has', authorization: basic('constructor:x') },
  { why: 'an empty key', authorization: basic('org_three:') },
  { why: 'no colon', authorization: basic('org_one') },
  { why: 'another scheme', authorization: 'Bearer key-one' },
  { why: 'no base64', authorization: 'Basic !!!' },
]
for (const { why, authorization } of strangers) {
  test(`whoever comes with ${why} is asked for credentials`, async () => {
    await using payments = await api()
    const answer = await payments.ask('GET', '/api/payment_orders', undefined, authorization ? { authorization } : {})
    assert.deepEqual([answer.status, answer.body.errors.code], [401, 'unauthorized'])
    assert.match(answer.headers.get('www-authenticate') ?? '', /^Basic /)
  })
}

test('an organisation sees its own objects alone, and its Idempotency-Keys are its own', async () => {
  await using payments = await api()
  const one = { ...json, 'idempotency-key': 'k1' }
  const two = { ...one, authorization: basic('org_two:key-two') }
  const made = await payments.ask('POST', '/api/payment_orders', order, one)
  assert.equal((await payments.ask('GET', `/api/payment_orders/${made.body.id}`, undefined, two)).status, 404)
  const other = await payments.ask('POST', '/api/payment_orders', { ...order, amount: 1 }, two)
  assert.deepEqual([other.status, other.body.amount], [201, 1])
})

test('an Idempotency-Key that was refused may be used again, and is bound to its path', async () => {
  await using payments = await api()
  const headers = { ...json, 'idempotency-key': 'k1' }
  assert.equal((await payments.ask('POST', '/api/payment_orders', { ...order, amount: 0 }, headers)).status, 422)
  assert.equal((await payments.ask('POST', '/api/payment_orders', order, headers)).status, 201)
  assert.equal((await payments.ask('POST', '/api/counterparties', party, headers)).status, 409)
  const long = { ...json, 'idempotency-key': 'k'.repeat(256) }
  assert.equal((await payments.ask('POST', '/api/payment_orders', order, long)).status, 422)
})

test('a body far over the bound is answered with 413, and the connection serves the next request', async () => {
  await using payments = await api()
  const streamed = new Blob([`"${'x'.repeat(4_000_000)}"`]).stream()
  const answer = await payments.ask('POST', '/api/payment_orders', streamed)
  assert.deepEqual([answer.status, answer.body.errors.code], [413, 'too_large'])
  assert.equal((await payments.ask('GET', '/api/payment_orders')).status, 200)
})
