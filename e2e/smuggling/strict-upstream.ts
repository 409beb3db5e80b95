/** An upstream that keeps the raw bytes of each connection, reads them strictly, and answers with the target it was asked. How it
 *  answers is in the target's last segment, so that early and odd answers are a part of the generated cases. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { unfitForUpstream } from './forwarded.ts'
import { type Head, type Message, readHead, readMessage } from './message.ts'

export interface UpstreamEvents {
  /** A message arrived whole. `raw` is the connection's latest bytes. */
  readonly onMessage: (message: Message, raw: string) => void
  /** A message broke off inside its body. */
  readonly onCut: (head: Head, raw: string) => void
  /** Bytes that the strict reader refuses, or a head that broke off. */
  readonly onHarm: (why: string, raw: string) => void
}

export interface StrictUpstream extends AsyncDisposable {
  readonly origin: string
}

/** How much later than others an answer comes that shall be overtaken. */
const lateMs = 20
/** An early answer comes once the buffers on the way are full, and before anybody reads on. */
const earlyMs = 50
const unreadMs = 100
/** Latest bytes of a connection that a report may show. */
const rawBytesMax = 4096

export async function strictUpstream(events: UpstreamEvents): Promise<StrictUpstream> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, events)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function serve(socket: Socket, events: UpstreamEvents): void {
  let raw = ''
  let held = ''
  let answered = false
  const harm = (why: string): void => {
    held = ''
    events.onHarm(why, raw)
    socket.destroy()
  }
  /** Takes one message, answers it; false where there is none, yet or for ever. */
  const take = (): boolean => {
    const head = readHead(held, 0)
    if (head === null) return false
    const unfit = 'refused' in head ? head.refused : unfitForUpstream(head)
    if ('refused' in head || unfit !== null) {
      harm(unfit ?? '')
      return false
    }
    const message = readMessage(held, 0)
    if (message === null && !answered && behaviourOf(head.target) === 'early') {
      answered = true
      socket.pause()
      setTimeout(() => answer(socket, head), earlyMs)
      setTimeout(() => socket.resume(), unreadMs)
    }
    if (message === null) return false
    if ('refused' in message) {
      harm(message.refused)
      return false
    }
    held = held.slice(message.end)
    events.onMessage(message, raw)
    if (behaviourOf(head.target) === 'later') setTimeout(() => answer(socket, head), lateMs)
    else if (!answered) answer(socket, head)
    answered = false
    return true
  }
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    raw = (raw + chunk).slice(-rawBytesMax)
    held += chunk
    while (held !== '' && take());
  })
  socket.on('error', () => socket.destroy())
  socket.once('close', () => {
    if (held === '') return
    const head = readHead(held, 0)
    if (head === null || 'refused' in head) events.onHarm('a head that breaks off', raw)
    else events.onCut(head, raw)
  })
}

/** The ways to answer, by the last segment of a target's path. */
export type Behaviour = keyof typeof behaviours

const body = 'answered'
const length = `Content-Length: ${body.length}\r\n`
const behaviours = {
  plain: (own: string) => `HTTP/1.1 200 OK\r\n${own}${length}\r\n${body}`,
  chunked: (own: string) => `HTTP/1.1 200 OK\r\n${own}Transfer-Encoding: chunked\r\n\r\n8\r\n${body}\r\n0\r\n\r\n`,
  /** After the answer to the next request. */
  later: (own: string) => `HTTP/1.1 200 OK\r\n${own}${length}\r\n${body}`,
  /** Before the request's body is here, which is left unread for a while. */
  early: (own: string) => `HTTP/1.1 413 Too much\r\n${own}${length}\r\n${body}`,
  /** The last answer of its connection. */
  last: (own: string) => `HTTP/1.1 200 OK\r\nConnection: close\r\n${own}${length}\r\n${body}`,
  hints: (own: string) => `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n${own}${length}\r\n${body}`,
  empty: (own: string) => `HTTP/1.1 204 No Content\r\n${own}\r\n`,
  unmodified: (own: string) => `HTTP/1.1 304 Not Modified\r\n${own}${length}\r\n`,
  /** To a protocol that nobody asked for. */
  switched: (own: string) => `HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n${own}\r\n`,
} as const

export const behaviourNames: readonly Behaviour[] = Object.keys(behaviours) as Behaviour[]

function behaviourOf(target: string): Behaviour {
  const [path = ''] = target.split('?')
  const name = path.slice(path.lastIndexOf('/') + 1)
  return behaviourNames.find((one) => one === name) ?? 'plain'
}

function answer(socket: Socket, head: Head): void {
  const behaviour = behaviourOf(head.target)
  const whole = behaviours[behaviour](`X-Answers: ${head.target}\r\n`)
  // An answer to HEAD is its head alone.
  const bodyAt = whole.lastIndexOf('\r\n\r\n', behaviour === 'chunked' ? whole.indexOf(body) : undefined) + 4
  socket.write(head.method === 'HEAD' ? whole.slice(0, bodyAt) : whole, 'latin1')
  if (behaviour === 'last') socket.end()
}
