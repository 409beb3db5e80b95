/** The objects of openapi.ts, as JSON Schema. `NewX` is what creating takes, `X` what comes back. */

const text = (maxLength: number): object => ({ type: 'string', minLength: 1, maxLength })
const optional = (maxLength: number): object => ({ type: ['string', 'null'], maxLength })
const minorUnits: object = {
  type: 'integer',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'In minor units, such as cents: never a fraction',
}
const direction: object = { enum: ['credit', 'debit'] }

interface ObjectSchema {
  readonly type: 'object'
  readonly additionalProperties: false
  readonly required: readonly string[]
  readonly properties: Readonly<Record<string, object>>
}

function object(properties: Readonly<Record<string, object>>, optionalNames: readonly string[] = []): ObjectSchema {
  const required = Object.keys(properties).filter((name) => !optionalNames.includes(name))
  return { type: 'object', additionalProperties: false, required, properties }
}

/** What every stored object has beside its own. */
function stored(kind: string, properties: Readonly<Record<string, object>>): ObjectSchema {
  const created_at = { type: 'string', format: 'date-time' }
  return object({ id: { type: 'string' }, object: { const: kind }, ...properties, created_at })
}

const order = {
  type: { enum: ['ach', 'wire', 'sepa'] },
  direction,
  amount: minorUnits,
  currency: { enum: ['USD', 'EUR', 'GBP'] },
  originating_account_id: text(64),
  receiving_account_id: text(64),
  description: optional(500),
}
const party = { name: text(200), email: optional(254), country: { type: 'string', pattern: '^[A-Z]{2}$' } }
const entry = object({ ledger_account_id: text(64), direction, amount: minorUnits })
const ledger = { description: optional(500), entries: { type: 'array', minItems: 2, maxItems: 100, items: entry } }
const endpoint = { url: { type: 'string', format: 'uri', maxLength: 2000 }, description: optional(500) }

export const schemas: Readonly<Record<string, ObjectSchema>> = {
  NewPaymentOrder: object(order, ['description']),
  PaymentOrder: stored('payment_order', { status: { enum: ['pending', 'cancelled'] }, ...order }),
  NewCounterparty: object(
    { ...party, account_number: { type: 'string', pattern: '^[A-Z0-9]{4,34}$', writeOnly: true } },
    ['email'],
  ),
  Counterparty: stored('counterparty', { ...party, account_number_last4: text(4) }),
  NewLedgerTransaction: object(ledger, ['description']),
  LedgerTransactionUpdate: object({ status: { enum: ['posted', 'archived'] } }),
  LedgerTransaction: stored('ledger_transaction', { status: { enum: ['pending', 'posted', 'archived'] }, ...ledger }),
  NewWebhookEndpoint: object(endpoint, ['description']),
  WebhookEndpoint: stored('webhook_endpoint', endpoint),
  WebhookEndpointWithSecret: stored('webhook_endpoint', { ...endpoint, secret: { type: 'string' } }),
  Errors: object({
    errors: object({
      code: { type: 'string' },
      message: { type: 'string' },
      parameter: { type: ['string', 'null'] },
    }),
  }),
}
