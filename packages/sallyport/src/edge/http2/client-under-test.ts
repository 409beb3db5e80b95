/** For tests: a client of Node's to an edge's HTTP/2 side. */
import { once } from 'node:events'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import type { EdgeUnderTest } from '../edge-under-test.ts'

export interface Http2Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export interface Http2Client extends AsyncDisposable {
  readonly session: ClientHttp2Session
  /** Asks, and waits for the whole answer; rejects where the stream is reset. */
  readonly ask: (headers: OutgoingHttpHeaders, body?: string | Buffer) => Promise<Http2Answered>
}

export async function http2Client(edge: EdgeUnderTest): Promise<Http2Client> {
  const socket = edge.connect({ ALPNProtocols: ['h2'] })
  const session = connect(edge.url, { createConnection: () => socket })
  session.on('error', () => undefined)
  await once(session, 'connect')
  return {
    session,
    async ask(headers, body) {
      const stream = session.request({ ':path': '/', ':authority': 'a.example', ...headers })
      const answered = once(stream, 'response')
      stream.end(body)
      const [fields] = (await answered) as [Record<string, unknown>]
      const chunks = await Array.fromAsync(stream as AsyncIterable<Buffer>)
      return { status: Number(fields[':status']), headers: fields, body: Buffer.concat(chunks).toString('latin1') }
    },
    async [Symbol.asyncDispose]() {
      if (session.destroyed) return
      session.destroy()
      await once(session, 'close')
    },
  }
}
