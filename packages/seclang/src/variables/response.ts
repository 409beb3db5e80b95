/** Variables of the response; absent until the server has handed it over. */

import { makeValue } from '../value.ts'
import { exchangeCollection, exchangeScalar, namesOf } from './request.ts'
import type { VariableDefinition } from './variable-definition.ts'

export const responseVariables: readonly VariableDefinition[] = [
  exchangeScalar('RESPONSE_STATUS', (exchange) => exchange.response?.status ?? null),
  exchangeScalar('RESPONSE_PROTOCOL', (exchange) => exchange.response?.protocol ?? null),
  exchangeScalar('STATUS_LINE', (exchange) =>
    exchange.response === null
      ? null
      : makeValue(`${exchange.response.protocol.text} ${exchange.response.status.text}`),
  ),
  exchangeCollection('RESPONSE_HEADERS', (exchange) => exchange.response?.headers ?? []),
  {
    name: 'RESPONSE_HEADERS_NAMES',
    kind: 'collection',
    changes: 'exchange',
    read: ({ exchange }) => namesOf('RESPONSE_HEADERS_NAMES', exchange.response?.headers ?? []),
  },
  exchangeScalar('RESPONSE_CONTENT_TYPE', (exchange) =>
    exchange.response === null ? null : makeValue(exchange.responseHeader('content-type')),
  ),
  exchangeScalar('RESPONSE_CONTENT_LENGTH', (exchange) =>
    exchange.response === null ? null : makeValue(String(exchange.responseBody.text.length)),
  ),
  // The counterpart of INBOUND_DATA_ERROR: part of the body is not inspected.
  exchangeScalar('OUTBOUND_DATA_ERROR', (exchange) => makeValue(exchange.responseBodyIsCut ? '1' : '0')),
  {
    name: 'RESPONSE_BODY',
    kind: 'scalar',
    changes: 'exchange',
    read: (state) =>
      state.phase >= 4 && state.responseBodyAccess
        ? [{ collection: 'RESPONSE_BODY', key: null, value: state.exchange.responseBody }]
        : [],
  },
]
