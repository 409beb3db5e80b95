import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls, newBooks } from './calls.ts'
import { ApiError } from './json.ts'
import { openApi } from './openapi.ts'
import { schemas } from './openapi-schemas.ts'

const described = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    call: `${method.toUpperCase()} ${path.replace('{id}', ':id')}`,
    operation,
  })),
)

test('the document describes every call, and no other', () => {
  assert.deepEqual(
    described.map(({ call }) => call).sort(),
    calls.map(({ method, path }) => `${method} ${path}`).sort(),
  )
})

test('the document says of each call whether it needs credentials', () => {
  const open = described.filter(({ operation }) => 'security' in operation).map(({ call }) => call)
  const anybody = calls.filter(({ who }) => who === 'anybody').map(({ method, path }) => `${method} ${path}`)
  assert.deepEqual(open.sort(), anybody.sort())
})

test('operation ids differ, and every reference leads somewhere', () => {
  const ids = described.map(({ operation }) => operation.operationId)
  assert.equal(new Set(ids).size, ids.length)
  const references = JSON.stringify(openApi).matchAll(/"\$ref":"#\/([^"]+)"/g)
  for (const [, path = ''] of references) {
    const found = path.split('/').reduce<unknown>((node, name) => (node as Record<string, unknown>)?.[name], openApi)
    assert.ok(found !== undefined, path)
  }
})

const entries = [
  { ledger_account_id: 'la_1', direction: 'debit', amount: 5 },
  { ledger_account_id: 'la_2', direction: 'credit', amount: 5 },
]
const samples: Readonly<Record<string, { readonly all: object; readonly create: (fields: object) => object }>> = {
  PaymentOrder: {
    all: {
      type: 'wire',
      direction: 'credit',
      amount: 5,
      currency: 'EUR',
      originating_account_id: 'a',
      receiving_account_id: 'b',
      description: 'c',
    },
    create: (fields) => newBooks().orders.create({ ...fields }),
  },
  Counterparty: {
    all: { name: 'a', email: 'a@example.test', country: 'DE', account_number: 'DE123456' },
    create: (fields) => newBooks().counterparties.create({ ...fields }),
  },
  LedgerTransaction: {
    all: { description: 'a', entries },
    create: (fields) => newBooks().ledger.create({ ...fields }),
  },
  WebhookEndpoint: {
    all: { url: 'https://a.example/', description: 'a' },
    create: (fields) => newBooks().endpoints.create({ ...fields }),
  },
}
for (const [name, { all, create }] of Object.entries(samples)) {
  const taken = schemas[`New${name}`]
  const given = schemas[`${name}WithSecret`] ?? schemas[name]
  assert.ok(taken && given)
  test(`creating a ${name} takes and gives the fields of the document`, () => {
    assert.deepEqual(Object.keys(all).sort(), Object.keys(taken.properties).sort())
    assert.deepEqual(Object.keys(create(all)).sort(), Object.keys(given.properties).sort())
  })
  for (const field of Object.keys(all)) {
    test(`${field} of a ${name} is required if and only if the document says so`, () => {
      const without = Object.fromEntries(Object.entries(all).filter(([other]) => other !== field))
      if (taken.required.includes(field)) assert.throws(() => create(without), ApiError)
      else create(without)
    })
  }
}
