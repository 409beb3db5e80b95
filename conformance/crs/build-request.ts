/** The bytes that go-ftw puts on the wire for a test.
 *
 *  Source: go-ftw's documentation and behaviour. It wants to send broken HTTP, so nothing is corrected: only what
 *  `autocomplete_headers` asks for is added, and the line ends of a multipart body are made CRLF. */

import type { FtwInput } from './go-ftw.ts'

type Header = readonly [name: string, value: string]

const formType = 'application/x-www-form-urlencoded'

function valuesOf(headers: readonly Header[], lowerName: string): readonly string[] {
  return headers.filter(([name]) => name.toLowerCase() === lowerName).map(([, value]) => value)
}

/** As Go's url.QueryEscape: a space becomes `+`, and all but letters, digits and `-_.~` becomes `%XX`. */
function queryEscape(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-_.~]/g, (byte) =>
    byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** Escapes names and values of form data, unless the data holds an escape already: tests write forms either way. */
export function encodeForm(data: string): string {
  if (data.includes('%') || data.includes('+')) return data
  // An `&` at the end goes, as go-ftw writes one after each pair and cuts off the last.
  const pairs = (data.endsWith('&') ? data.slice(0, -1) : data).split('&')
  return pairs
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals === -1) return queryEscape(pair)
      return `${queryEscape(pair.slice(0, equals))}=${queryEscape(pair.slice(equals + 1))}`
    })
    .join('&')
}

/** go-ftw's own test for methods that carry a body; its alternatives bind as they stand here. */
const methodWithBody = /^POST|PUT|PATCH|DELETE$/

function completed(input: FtwInput): { readonly headers: readonly Header[]; readonly data: string } {
  const headers: Header[] = [...input.headers]
  let { data } = input
  if (input.autocompleteHeaders && data !== '') {
    if (valuesOf(headers, 'content-type').length === 0) headers.push(['Content-Type', formType])
    if (valuesOf(headers, 'content-type').some((value) => value.toLowerCase() === formType)) data = encodeForm(data)
  }
  if (valuesOf(headers, 'content-type').some((value) => value.toLowerCase().includes('multipart/form-data;'))) {
    data = data.replaceAll('\n', '\r\n')
  }
  if (input.autocompleteHeaders) {
    if (valuesOf(headers, 'connection').length === 0) headers.push(['Connection', 'close'])
    const mayHaveBody = data !== '' || methodWithBody.test(input.method)
    if (valuesOf(headers, 'content-length').length === 0 && mayHaveBody) {
      headers.push(['Content-Length', String(data.length)])
    }
  }
  return { headers, data }
}

/** Latin1: one character is one byte on the wire. */
export function buildRequest(input: FtwInput): string {
  if (input.encodedRequest !== null) return input.encodedRequest
  const { headers, data } = completed(input)
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  return `${input.method} ${input.uri} ${input.version}\r\n${lines.join('')}\r\n${data}`
}
