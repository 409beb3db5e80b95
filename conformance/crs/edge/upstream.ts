/** The backend of the CRS tests as a server: what `answer` says, and the id under which the edge has logged the request. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer } from '../backend.ts'

/** The field of an answer that says which decision it followed: the log has no other name for a request. */
export const decisionField = 'X-Decision'

export interface Upstream extends AsyncDisposable {
  readonly origin: string
}

/** Bytes of a head: the longest of the tests, and what the edge adds. */
const headBytesMax = 256 * 1024

export async function startUpstream(): Promise<Upstream> {
  const server = createServer({ maxHeaderSize: headBytesMax }, (incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => reply(incoming, Buffer.concat(chunks).toString('latin1'), outgoing))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function reply(
  { method = '', url = '', httpVersion, headers }: IncomingMessage,
  body: string,
  to: ServerResponse,
): void {
  const {
    status,
    headers: fields,
    body: text,
  } = answer({
    method,
    target: url,
    protocol: `HTTP/${httpVersion}`,
    headers: [],
    body,
  })
  const bytes = Buffer.from(text, 'latin1')
  to.writeHead(status, [
    ...fields.filter(([name]) => name.toLowerCase() !== 'content-length').flat(),
    ...['Content-Length', String(bytes.length), decisionField, String(headers['x-request-id'])],
  ])
  to.end(bytes)
}
