/** The upstream of these tests: a WebSocket server that many use, which sends each message back and writes down what arrived; and beside it
 *  a server of bytes, which says whatever a test wants. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

const MiB = 1024 * 1024
/** Over it a message is answered with Close 1009. */
export const messageBytesMax: number = 4 * MiB

export interface Peer extends AsyncDisposable {
  readonly port: number
  /** What arrived on the connection asked for with `?id=…`, once that is closed. */
  readonly heard: (id: string) => Promise<readonly string[]>
  /** Ids that came as far as here, whatever became of them. */
  readonly asked: ReadonlySet<string>
}

const echoing = { noServer: true, maxPayload: messageBytesMax, handleProtocols: chosen, skipUTF8Validation: false }

/** `/echo` speaks plainly, `/deflate` compresses all it sends (RFC 7692), `/careful` without keeping its window from one message to the next. */
const servers: Readonly<Record<string, WebSocketServer>> = {
  '/echo': new WebSocketServer(echoing),
  '/deflate': new WebSocketServer({ ...echoing, perMessageDeflate: { threshold: 0 } }),
  '/careful': new WebSocketServer({
    ...echoing,
    perMessageDeflate: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
  }),
}

/** The second of those offered, where there are two: to show that the choice is the upstream's. */
function chosen(offered: ReadonlySet<string>): string | false {
  return [...offered][Math.min(1, offered.size - 1)] ?? false
}

export async function startPeer(): Promise<Peer> {
  const heard = new Map<string, PromiseWithResolvers<readonly string[]>>()
  const asked = new Set<string>()
  const of = (id: string): PromiseWithResolvers<readonly string[]> => {
    const entry = heard.get(id) ?? Promise.withResolvers()
    heard.set(id, entry)
    return entry
  }
  const http = createHttpServer((_, response) => response.end('no socket'))
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
    const url = new URL(request.url ?? '', 'http://peer')
    const id = url.searchParams.get('id') ?? ''
    asked.add(id)
    const server = servers[url.pathname]
    if (server === undefined) socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
    else server.handleUpgrade(request, socket, head, (webSocket) => echo(webSocket, of(id).resolve))
  })
  const port = await listen(http)
  return { port, asked, heard: (id) => of(id).promise, [Symbol.asyncDispose]: () => stop(http) }
}

function echo(webSocket: WebSocket, done: (heard: readonly string[]) => void): void {
  const heard: string[] = []
  webSocket
    .on('message', (data, isBinary) => {
      const bytes = data as Buffer
      heard.push(`message ${isBinary} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`)
      webSocket.send(bytes, { binary: isBinary })
    })
    .on('ping', (data) => heard.push(`ping ${data.toString('latin1')}`))
    .on('pong', (data) => heard.push(`pong ${data.toString('latin1')}`))
    .on('error', (error: NodeJS.ErrnoException) => heard.push(`error ${error.code}`))
    .on('close', (code, reason) => {
      heard.push(`close ${code} ${reason.toString('latin1')}`)
      done(heard)
    })
}

/** Has a connection from its head on. */
export type Talk = (socket: Socket, head: string) => void

export interface RawPeer extends AsyncDisposable {
  readonly port: number
  /** The next connections asked for at `path` are handled so. */
  readonly at: (path: string, talk: Talk) => void
}

export async function startRawPeer(): Promise<RawPeer> {
  const talks = new Map<string, Talk>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    let head = Buffer.alloc(0)
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end === -1) return
      socket.off('data', onData).pause()
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4))
      const text = head.toString('latin1', 0, end + 2)
      const path = text.split(' ')[1] ?? ''
      talks.get(path)?.(socket, text)
    }
    socket.on('data', onData).on('error', () => socket.destroy())
  })
  const port = await listen(server)
  return { port, at: (path, talk) => void talks.set(path, talk), [Symbol.asyncDispose]: () => stop(server) }
}

async function listen(server: Server): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  opened.set(server, open)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const opened = new WeakMap<Server, ReadonlySet<Socket>>()

async function stop(server: Server): Promise<void> {
  for (const socket of opened.get(server) ?? []) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
}
