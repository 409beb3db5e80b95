/** Raw requests for `sallyport inspect`, read by the edge's own HTTP front: the same parser and the same stages, fed through a
 *  duplex stream in place of a socket. One input is one request, whole: a part of one, or bytes behind it, are refused. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import { type Decision, type Outcome, proceed } from '../edge/decision.ts'
import { Http1Answer } from '../edge/http1/answer.ts'
import { parsedFieldsMax, parserOptions } from '../edge/http1/parser-options.ts'
import { incomingOf } from '../edge/http1/request.ts'
import { beginRequest, type EdgeRequest } from '../edge/request.ts'
import { emptySnapshot } from '../edge/snapshot.ts'
import { framing, http } from '../edge/stages/http.ts'
import { readBody } from '../edge/stages/read-body.ts'

/** The request as the stages left it; or the status that the HTTP itself is refused with, before any rule. */
export type Fronted = { readonly request: EdgeRequest } | { readonly refused: number }

/** Reads one raw request at a time: a call must have ended before the next. */
export type Front = (bytes: Uint8Array) => Promise<Fronted>

/** What the parser has said of one input so far. */
interface Heard {
  readonly messages: IncomingMessage[]
  readonly requests: EdgeRequest[]
  decision: Decision | null
}

const badRequest = 400
const listener = { name: 'inspect', trusts: () => false }

export function createFront(): Front {
  const heardOn = new WeakMap<Duplex, Heard>()
  const server = createServer(parserOptions())
  server.maxHeadersCount = parsedFieldsMax()
  const onRequest = (message: IncomingMessage, response: ServerResponse): void => {
    const heard = heardOn.get(message.socket)
    heard?.messages.push(message)
    heard?.requests.push(beginRequest(listener, incomingOf(message), new Http1Answer(message, response)))
  }
  server.on('request', onRequest).on('checkContinue', onRequest).on('checkExpectation', onRequest)
  framing({ secure: null, http1: server, http2: null }, (decision, socket) => {
    const heard = heardOn.get(socket)
    if (heard !== undefined) heard.decision ??= decision
  })
  return async (bytes) => {
    const socket = inputSocket(bytes)
    const heard: Heard = { messages: [], requests: [], decision: null }
    heardOn.set(socket, heard)
    server.emit('connection', socket)
    // The parser listens first: when this wakes, it has read every byte.
    await once(socket, 'data')
    try {
      return await read(socket, heard, bytes)
    } finally {
      socket.destroy()
    }
  }
}

async function read(socket: Duplex, heard: Heard, bytes: Uint8Array): Promise<Fronted> {
  const [[request], [message]] = [heard.requests, heard.messages]
  if (request === undefined || message === undefined) return { refused: heard.decision?.status ?? badRequest }
  const head = await http(request, emptySnapshot)
  if (head !== proceed) return refused(head)
  const reading = readBody(request, emptySnapshot)
  // What has not come yet never will: whoever waits for the rest of the body is told so.
  if (!message.complete) socket.destroy()
  const body = await reading
  if (body !== proceed) return refused(heard.decision ?? body)
  if (heard.decision === null) await ended(socket)
  if (heard.decision !== null) return refused(heard.decision)
  return heard.requests.length > 1 || endsEarly(message, request.bodyBytes, bytes)
    ? { refused: badRequest }
    : { request }
}

function refused(outcome: Outcome): Fronted {
  return { refused: outcome === proceed ? badRequest : (outcome.status ?? badRequest) }
}

/** Gives the parser the end of its input: a request begun behind the first is an error then. */
async function ended(socket: Duplex): Promise<void> {
  const end = once(socket, 'end')
  socket.push(null)
  await end
}

/** Node stops parsing behind a request that asks for an upgrade, so bytes behind it must be found by counting. */
function endsEarly({ headers }: IncomingMessage, bodyBytes: number, bytes: Uint8Array): boolean {
  const { upgrade, 'transfer-encoding': coding } = headers
  if (upgrade === undefined || coding !== undefined) return false
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(endOfHead)
  return head + endOfHead.length + bodyBytes < bytes.length
}

const endOfHead = '\r\n\r\n'

/** A socket that has received these bytes, and swallows what it is given. */
function inputSocket(bytes: Uint8Array): Duplex {
  let given = false
  const socket = new Duplex({
    read() {
      if (given) return
      given = true
      // An empty chunk would be no chunk, and nobody would wake.
      this.push(bytes.length === 0 ? '\r\n' : bytes)
    },
    write: (_chunk, _encoding, done) => done(),
  })
  socket.on('error', () => undefined)
  return socket
}
