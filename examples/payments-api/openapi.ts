/** The API described by itself: OpenAPI 3.1, served at `/api/openapi.json`. A test compares it with the table of calls. */
import { schemas } from './openapi-schemas.ts'

interface Operation {
  readonly operationId: string
  readonly [field: string]: unknown
}

/** What of an OpenAPI document is used here. */
export interface OpenApi {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string }
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  /** By path, with `{id}` where an id stands, and by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>
}

const schema = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const json = (of: object): object => ({ content: { 'application/json': { schema: of } } })
const parameter = (name: string): object => ({ $ref: `#/components/parameters/${name}` })
const answer = (description: string, of: object): object => ({ description, ...json(of) })
const refused: object = { $ref: '#/components/responses/Refused' }

function operation(operationId: string, responses: Readonly<Record<string, object>>, more: object = {}): Operation {
  return { operationId, ...more, responses: { ...responses, default: refused } }
}

/** The list, creating, and one by its id: as every kind has them. */
function kind(path: string, name: string, created: string = name): OpenApi['paths'] {
  const cursor = {
    description: 'Give it as after_cursor to get the next page; absent on the last',
    schema: { type: 'string' },
  }
  const list = {
    ...answer('A page, oldest first', { type: 'array', items: schema(name) }),
    headers: { 'X-After-Cursor': cursor },
  }
  return {
    [path]: {
      get: operation(`list${name}s`, { 200: list }, { parameters: [parameter('PerPage'), parameter('AfterCursor')] }),
      post: operation(
        `create${name}`,
        { 201: answer('Created', schema(created)), 409: refused },
        { parameters: [parameter('IdempotencyKey')], requestBody: { required: true, ...json(schema(`New${name}`)) } },
      ),
    },
    [`${path}/{id}`]: { get: operation(`get${name}`, { 200: answer('As it is', schema(name)) }, byId) },
  }
}

const byId = { parameters: [parameter('Id')] }
const removed = { 204: { description: 'Removed' } }
const paths: readonly OpenApi['paths'][] = [
  {
    '/api/health': { get: operation('getHealth', { 200: answer('It is well', { type: 'object' }) }, { security: [] }) },
    '/api/openapi.json': {
      get: operation('getOpenApi', { 200: answer('This', { type: 'object' }) }, { security: [] }),
    },
  },
  kind('/api/payment_orders', 'PaymentOrder'),
  {
    '/api/payment_orders/{id}/cancel': {
      post: operation('cancelPaymentOrder', { 200: answer('Cancelled, now or before', schema('PaymentOrder')) }, byId),
    },
  },
  kind('/api/counterparties', 'Counterparty'),
  { '/api/counterparties/{id}': { delete: operation('deleteCounterparty', removed, byId) } },
  kind('/api/ledger_transactions', 'LedgerTransaction'),
  {
    '/api/ledger_transactions/{id}': {
      patch: operation(
        'updateLedgerTransaction',
        { 200: answer('Posted or archived', schema('LedgerTransaction')), 409: refused },
        { ...byId, requestBody: { required: true, ...json(schema('LedgerTransactionUpdate')) } },
      ),
    },
  },
  kind('/api/webhook_endpoints', 'WebhookEndpoint', 'WebhookEndpointWithSecret'),
  { '/api/webhook_endpoints/{id}': { delete: operation('deleteWebhookEndpoint', removed, byId) } },
]

export const openApi: OpenApi = {
  openapi: '3.1.0',
  info: { title: 'Example payments API', version: '1.0.0' },
  security: [{ organisationAndKey: [] }],
  paths: merged(paths),
  components: {
    securitySchemes: {
      organisationAndKey: {
        type: 'http',
        scheme: 'basic',
        description: 'Organisation id as user, API key as password',
      },
    },
    parameters: {
      Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      PerPage: { name: 'per_page', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 25 } },
      AfterCursor: { name: 'after_cursor', in: 'query', schema: { type: 'string' } },
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'The same key with the same request gives the same answer; with another, 409',
        schema: { type: 'string', minLength: 1, maxLength: 255 },
      },
    },
    responses: { Refused: answer('Refused, with the reason', schema('Errors')) },
    schemas,
  },
}

/** Two parts may speak of one path. */
function merged(parts: readonly OpenApi['paths'][]): OpenApi['paths'] {
  const all: Record<string, Readonly<Record<string, Operation>>> = {}
  for (const part of parts) for (const [path, methods] of Object.entries(part)) all[path] = { ...all[path], ...methods }
  return all
}
