/** The upstream of the CRS tests: what albedo (https://github.com/coreruleset/albedo) answers.
 *  `POST /reflect` answers what its JSON body says; every other request gets an empty 200. */

import { bytesOf } from '../bytes.ts'
import type { RawRequest } from './request.ts'

export interface BackendResponse {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

const html = 'text/html; charset=utf-8'
const plain = 'text/plain; charset=utf-8'
const badRequest = 400
const statusMin = 100
const statusMax = 599

function refusal(body: string): BackendResponse {
  return { status: badRequest, headers: [['Content-Type', plain]], body }
}

/** What a client may ask to be answered with; all unchecked, as it came. */
interface Reflection {
  readonly status?: unknown
  readonly headers?: unknown
  readonly body?: unknown
  /** Base64, for what is hard to write in JSON. */
  readonly encodedBody?: unknown
}

function bodyOf({ body, encodedBody }: Reflection): string {
  if (typeof body === 'string' && body !== '') return bytesOf(body)
  return typeof encodedBody === 'string' ? Buffer.from(encodedBody, 'base64').toString('latin1') : ''
}

function reflected(json: string): BackendResponse {
  let spec: Reflection
  try {
    spec = JSON.parse(Buffer.from(json, 'latin1').toString('utf8')) ?? {}
  } catch {
    return refusal('Invalid JSON in request body')
  }
  const status = typeof spec.status === 'number' && spec.status !== 0 ? spec.status : 200
  if (status < statusMin || status > statusMax) return refusal(`Invalid status code: ${status}`)
  const headers = Object.entries((spec.headers ?? {}) as Record<string, unknown>).map(
    ([name, value]) => [bytesOf(name), bytesOf(String(value))] as const,
  )
  const body = bodyOf(spec)
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    // Go's HTTP server guesses the type from the first bytes; these two are what it makes of text.
    headers.push(['Content-Type', body.trimStart().startsWith('<') ? html : plain])
  }
  return { status, headers, body }
}

export function answer({ method, target, body }: RawRequest): BackendResponse {
  const path = target.split('?', 1)[0] ?? ''
  if (method === 'POST' && (path === '/reflect' || path.startsWith('/reflect/'))) return reflected(body)
  return { status: 200, headers: [['Content-Type', html]], body: '' }
}
