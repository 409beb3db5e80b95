/** Variables of the request's line, headers, cookies and connection. */

import type { Exchange, Named } from '../exchange.ts'
import { makeValue, type Value, type Variable } from '../value.ts'
import type { VariableDefinition } from './variable-definition.ts'

/** A variable with one value that no rule changes. */
export function exchangeScalar(name: string, read: (exchange: Exchange) => Value | null): VariableDefinition {
  return {
    name,
    kind: 'scalar',
    changes: 'exchange',
    read: ({ exchange }) => {
      const value = read(exchange)
      return value === null ? [] : [{ collection: name, key: null, value }]
    },
  }
}

/** A collection that no rule changes. */
export function exchangeCollection(name: string, read: (exchange: Exchange) => readonly Named[]): VariableDefinition {
  return {
    name,
    kind: 'collection',
    changes: 'exchange',
    read: ({ exchange }) => read(exchange).map((named) => ({ collection: name, key: named.key, value: named.value })),
  }
}

/** `X_NAMES`: each name of a collection as a value. */
export function namesOf(name: string, named: readonly { readonly key: string }[]): readonly Variable[] {
  return named.map(({ key }) => ({ collection: name, key, value: makeValue(key) }))
}

function exchangeNames(name: string, read: (exchange: Exchange) => readonly Named[]): VariableDefinition {
  return { name, kind: 'collection', changes: 'exchange', read: ({ exchange }) => namesOf(name, read(exchange)) }
}

export const requestVariables: readonly VariableDefinition[] = [
  exchangeScalar('REQUEST_LINE', (exchange) => exchange.requestLine),
  exchangeScalar('REQUEST_METHOD', (exchange) => exchange.method),
  exchangeScalar('REQUEST_PROTOCOL', (exchange) => exchange.protocol),
  exchangeScalar('REQUEST_URI', (exchange) => exchange.uri),
  exchangeScalar('REQUEST_URI_RAW', (exchange) => exchange.uriRaw),
  exchangeScalar('REQUEST_FILENAME', (exchange) => exchange.filename),
  exchangeScalar('REQUEST_BASENAME', (exchange) => exchange.basename),
  exchangeScalar('PATH_INFO', (exchange) => exchange.filename),
  exchangeScalar('QUERY_STRING', (exchange) => exchange.queryString),
  exchangeCollection('REQUEST_HEADERS', (exchange) => exchange.headers),
  exchangeNames('REQUEST_HEADERS_NAMES', (exchange) => exchange.headers),
  exchangeCollection('REQUEST_COOKIES', (exchange) => exchange.cookies),
  exchangeNames('REQUEST_COOKIES_NAMES', (exchange) => exchange.cookies),
  exchangeScalar('AUTH_TYPE', (exchange) => authenticationScheme(exchange.header('authorization'))),
  exchangeScalar('REMOTE_ADDR', (exchange) => makeValue(exchange.client.address)),
  // No look-up of names: it would let a client slow the edge down. ModSecurity gives the address too, where look-ups are off.
  exchangeScalar('REMOTE_HOST', (exchange) => makeValue(exchange.client.address)),
  exchangeScalar('REMOTE_PORT', (exchange) => makeValue(String(exchange.client.port))),
  exchangeScalar('SERVER_ADDR', (exchange) => makeValue(exchange.server.address)),
  exchangeScalar('SERVER_PORT', (exchange) => makeValue(String(exchange.server.port))),
  exchangeScalar('SERVER_NAME', (exchange) => makeValue(hostName(exchange.header('host')))),
  exchangeScalar('UNIQUE_ID', (exchange) => makeValue(exchange.id)),
  exchangeScalar('FULL_REQUEST', (exchange) => makeValue(fullRequest(exchange))),
  exchangeScalar('FULL_REQUEST_LENGTH', (exchange) => makeValue(String(fullRequest(exchange).length))),
]

/** RFC 9110 §11.4: the first word of `Authorization`; absent without one. */
function authenticationScheme(authorization: string): Value | null {
  if (authorization === '') return null
  const space = authorization.indexOf(' ')
  return makeValue(space === -1 ? authorization : authorization.slice(0, space))
}

/** The host of a `Host` header without its port; brackets of an IPv6 address stay. */
function hostName(host: string): string {
  const end = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':')
  return end <= 0 ? host : host.slice(0, end)
}

function fullRequest(exchange: Exchange): string {
  const headers = exchange.headers.map((header) => `${header.key}: ${header.value.text}\n`).join('')
  return `${exchange.requestLine.text}\n${headers}\n${exchange.requestBody.text}`
}
