/** A plain node:http server behind the rule engine: every request is judged before the handler sees it. */

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { dirname, resolve } from 'node:path'
import { compile, Exchange, enableLinearFallback, type Header, type RuleSet, type Source } from '@sallyport/seclang'

const bodyBytesMax = 65_536

/** Compiles rule files, in order. Throws a `SecLangError` that names file, line and column. */
export function compileRules(files: readonly string[]): RuleSet {
  // Before the first rule is compiled: no expression may then cost more than linear time.
  enableLinearFallback()
  const sources: Source[] = files.map((file) => ({ file, text: readFileSync(file, 'latin1') }))
  const { ruleSet, warnings } = compile(sources, {
    readFile: (path, from) => readFileSync(resolve(dirname(from), path)),
  })
  for (const { at, reason } of warnings) process.emitWarning(at === null ? reason : `${at.file}:${at.line}: ${reason}`)
  return ruleSet
}

/** A server that hands `handler` only the requests that `ruleSet` lets pass, with their body already read. */
export function guardedServer(
  ruleSet: RuleSet,
  handler: (request: IncomingMessage, body: Buffer, response: ServerResponse) => void,
): Server {
  const listener: RequestListener = async (request, response) => {
    const exchange = exchangeOf(request)
    const transaction = ruleSet.begin(exchange)
    try {
      // Phase 1 needs no byte of the body: what it refuses is never read.
      let interruption = transaction.requestHeaders()
      if (interruption !== null) return refuse(response, interruption.status)
      const body = await readBody(request)
      if (body === null) return refuse(response, 413)
      exchange.receiveBody(body)
      interruption = transaction.requestBody()
      if (interruption !== null) return refuse(response, interruption.status)
      // A bound was passed, so that something was not inspected: never let that through.
      if (exchange.refusal !== null) return refuse(response, exchange.refusal.status)
      handler(request, body, response)
    } finally {
      transaction.finish()
    }
  }
  return createServer(listener)
}

function exchangeOf(request: IncomingMessage): Exchange {
  const { socket, rawHeaders } = request
  const headers: Header[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.push([rawHeaders[index] as string, rawHeaders[index + 1] as string])
  }
  return new Exchange({
    client: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    server: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
    method: request.method ?? '',
    target: request.url ?? '',
    protocol: `HTTP/${request.httpVersion}`,
    headers,
  })
}

/** The whole body, or null where it is longer than the bound. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function refuse(response: ServerResponse, status: number): void {
  // What is left of the body is not read: the connection ends with the answer.
  response.writeHead(status, { connection: 'close', 'content-type': 'application/problem+json' })
  response.end(JSON.stringify({ title: 'The request was refused', status }))
}
