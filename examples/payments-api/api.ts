/** The example upstream: a small payments API in memory, plain HTTP, every path under `/api/`. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type Books, type Call, calls, newBooks } from './calls.ts'
import { type Keys, organisationOf } from './credentials.ts'
import { type Answer, ApiError, errorAnswer, readObject, send } from './json.ts'

/** A client that is slow, or many that idle: what a small server can bear. */
const bounds = { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 32 * 1024 }
const connectionsMax = 1_000

/** An API of its own, empty at first, for these organisations alone; the caller listens and closes. */
export function createPaymentsApi(keys: Keys): Server {
  const books = new Map(Object.keys(keys).map((organisation) => [organisation, newBooks()]))
  const server = createServer(bounds, (request, response) => {
    void answerTo(request, keys, books).then((answer) => send(response, answer))
  })
  server.maxConnections = connectionsMax
  return server
}

/** Finds the call and makes it; every failure becomes a JSON answer. */
async function answerTo(request: IncomingMessage, keys: Keys, books: ReadonlyMap<string, Books>): Promise<Answer> {
  try {
    const url = URL.parse(request.url ?? '', 'http://api.invalid')
    if (url === null) throw new ApiError(400, 'invalid_target', 'the request target cannot be read')
    const { call, id } = find(request.method ?? '', url.pathname)
    if (call.who === 'anybody') return call.answer()
    const own = books.get(organisationOf(request.headers.authorization, keys))
    if (own === undefined) throw new ApiError(500, 'internal', 'the organisation has no books')
    const key = request.headers['idempotency-key']
    const idempotencyKey = typeof key === 'string' ? key : null
    const fields = (): ReturnType<typeof readObject> => readObject(request)
    return await call.answer({ books: own, query: url.searchParams, id, fields, idempotencyKey })
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error)
    return errorAnswer(new ApiError(500, 'internal', 'the API failed'))
  }
}

function find(method: string, path: string): { readonly call: Call; readonly id: string } {
  const asked = path.split('/')
  const samePath = calls.filter((call) => matches(call.path.split('/'), asked))
  if (samePath.length === 0) throw new ApiError(404, 'not_found', 'there is no such path')
  const call = samePath.find((candidate) => candidate.method === method)
  if (call === undefined)
    throw new ApiError(405, 'method_not_allowed', `use ${samePath.map((one) => one.method).join(' or ')}`)
  return { call, id: asked[call.path.split('/').indexOf(':id')] ?? '' }
}

function matches(pattern: readonly string[], asked: readonly string[]): boolean {
  return pattern.length === asked.length && pattern.every((part, i) => part === ':id' || part === asked[i])
}
