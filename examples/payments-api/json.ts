/** JSON in and out: bodies bounded, errors in one shape. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a handler answers. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Refused by the API: status, a code for programs, a sentence for people, and the parameter where there is one. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly parameter: string | null
  constructor(status: number, code: string, message: string, parameter: string | null = null) {
    super(message)
    this.status = status
    this.code = code
    this.parameter = parameter
  }
}

/** Far above any order; stops a body that would fill the memory. */
const bodyBytesMax = 64 * 1024

/** The object in a request's body. Throws `ApiError`: 415 for another media type, 413 over the bound, 400 for broken JSON. */
export async function readObject(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new ApiError(415, 'media_type', 'send the body as application/json')
  }
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) throw tooLarge()
  const chunks: Buffer[] = []
  let bytes = 0
  // Not the plain loop: leaving that one destroys the connection before the answer is out. Node throws the rest away.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw tooLarge()
    chunks.push(chunk)
  }
  return parseObject(Buffer.concat(chunks).toString('utf8'))
}

function tooLarge(): ApiError {
  return new ApiError(413, 'too_large', `a body may have ${bodyBytesMax} bytes`)
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ApiError(400, 'invalid_json', 'the body is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiError(400, 'invalid_json', 'the body must be a JSON object')
  }
  return value as Record<string, unknown>
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (body === null) {
    response.writeHead(status, headers).end()
    return
  }
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

export function errorAnswer({ status, code, message, parameter }: ApiError): Answer {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="payments", charset="UTF-8"' } : {}
  return { status, body: { errors: { code, message, parameter } }, headers: challenge }
}
