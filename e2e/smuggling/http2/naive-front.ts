/** A forwarder from HTTP/2 to HTTP/1.1 as it should not be written: it joins what it was told to lines. `guards.ts` is what keeps it
 *  harmless; with one part left out, the suite must find it. In clear, in this process. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { answerReader } from '../answers.ts'
import type { Field } from '../fields.ts'
import type { FrontEvents, StartFront } from '../front.ts'
import { type Frame, flags, frameAt, preface, types, uint, written } from './frame.ts'
import { type Asked, guards, own, regular, values } from './guards.ts'
import { blockOf } from './hpack.ts'
import { newReceiver } from './reading.ts'
import { receive } from './receiver.ts'
import type { Stream } from './stream.ts'

/** `without`: what is left out: one of `guards`, or a manner of forwarding that is named below. */
export function naiveFront(without: string | null = null): StartFront {
  return async (origin, events) => {
    const sockets = new Set<Socket>()
    const kept = (socket: Socket): Socket => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      return socket.once('close', () => sockets.delete(socket))
    }
    const forward = forwarder(() => kept(connect(Number(new URL(origin).port), '127.0.0.1')), events, without)
    const server = createServer({ noDelay: true }, (socket) => serve(kept(socket), forward, without))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      port: (server.address() as AddressInfo).port,
      secure: false,
      alive: () => true,
      async [Symbol.asyncDispose]() {
        for (const socket of sockets) socket.destroy()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }
}

type Answer = (status: number, answers: string | null) => void
type Forward = (asked: Asked, answer: Answer) => void

/** Each request goes on a connection of its own. `answer` may be called more than once: the first counts. */
function forwarder(dial: () => Socket, { onDecision }: FrontEvents, without: string | null): Forward {
  let count = 0
  return (asked, answer) => {
    if (!mayPass(asked, without)) {
      answer(400, null)
      return
    }
    const [method = ''] = values(asked, ':method')
    const [path = ''] = (values(asked, ':path')[0] ?? '').split('?')
    onDecision({ verdict: 'allow', status: 200, reason: null, request: { method, path } })
    const upstream = dial()
    const reader = answerReader(() => method)
    upstream.setEncoding('latin1').on('data', (text: string) => {
      try {
        for (const { status, answers } of reader.push(text))
          if (status === switching) answer(502, null)
          else if (status >= firstFinalStatus) answer(status, answers)
      } catch {
        upstream.destroy()
      }
    })
    upstream.once('close', () => answer(502, null))
    upstream.write(lines(asked, without, `${count++}`), 'latin1')
  }
}

const [switching, firstFinalStatus] = [101, 200]

function mayPass(asked: Asked, without: string | null): boolean {
  return Object.entries(guards).every(([name, passes]) => name === without || passes(asked))
}

function lines(asked: Asked, without: string | null, id: string): string {
  const crumbs = values(asked, 'cookie')
  const joined = without !== 'crumbs of a cookie become one'
  const left =
    without === 'fields of its connection stay' ? /^$/ : /^(?:te|trailer|expect|proxy-authorization|proxy-connection)$/
  const told = regular(asked).filter(
    ({ name }) =>
      !/^(?:host|content-length)$/.test(name) &&
      !left.test(name) &&
      !(joined && name === 'cookie') &&
      (without === 'names of its own are its own' || !own.test(name.replaceAll('_', '-'))),
  )
  if (joined && crumbs.length > 0) told.push({ name: 'cookie', value: crumbs.join('; ') })
  const host = values(asked, ':authority')[0] ?? values(asked, 'host')[0] ?? ''
  const length = values(asked, 'content-length')[0] ?? String(asked.body.length)
  const all = [
    `host: ${host}`,
    ...told.map(({ name, value }) => `${name}: ${value}`),
    'x-forwarded-for: 127.0.0.1',
    'x-forwarded-proto: https',
    `x-forwarded-host: ${host}`,
    'forwarded: for=127.0.0.1;proto=https',
    `x-request-id: ${id}`,
    'Via: 2.0 sallyport',
    ...(asked.body === '' ? [] : [`content-length: ${length}`]),
  ]
  const target = values(asked, ':path')[0]
  return `${values(asked, ':method')[0]} ${target} HTTP/1.1\r\n${all.join('\r\n')}\r\n\r\n${asked.body}`
}

function serve(socket: Socket, forward: Forward, without: string | null): void {
  const send = (frame: Frame): void => {
    if (!socket.destroyed) socket.write(written(frame), 'latin1')
  }
  const seen = new Set<Stream>()
  const end = (stream: Stream): void => {
    seen.add(stream)
    let answered = false
    forward({ fields: stream.section, trailers: stream.trailers, body: stream.body }, (status, answers) => {
      if (answered) return
      answered = true
      const fields = [{ name: ':status', value: String(status) }]
      if (answers !== null) fields.push({ name: 'x-answers', value: answers })
      send({
        type: types.headers,
        flags: flags.endHeaders | flags.endStream,
        stream: stream.id,
        payload: blockOf(fields),
      })
    })
  }
  const receiver = newReceiver(() => undefined)
  const take = (frame: Frame): void => {
    receive(receiver, frame)
    for (const stream of receiver.streams.values()) {
      if (seen.has(stream)) continue
      const { id, section: fields, trailers, body } = stream
      const right = !stream.misframed || without === 'a body that is reset is no body'
      if (stream.ended && right) end(stream)
      else if (!right || !mayPass({ fields: withoutLength(fields), trailers, body }, without)) {
        seen.add(stream)
        send({ type: types.rstStream, flags: 0, stream: id, payload: uint(protocolError, 4) })
      }
    }
  }
  send({ type: types.settings, flags: 0, stream: 0, payload: '' })
  send({ type: types.windowUpdate, flags: 0, stream: 0, payload: uint(0x10_0000, 4) })
  let held = ''
  let begun = false
  socket.setEncoding('latin1').on('data', (text: string) => {
    held += text
    if (!begun && held.length < preface.length) return
    if (!begun) held = held.slice(preface.length)
    begun = true
    try {
      for (let next = frameAt(held, 0); next !== null; next = frameAt(held, 0)) {
        held = held.slice(next.end)
        take(next.frame)
      }
    } catch {
      socket.destroy()
    }
  })
}

const protocolError = 1

/** Without the one length that only the end of the body makes right or wrong. */
function withoutLength(fields: readonly Field[]): readonly Field[] {
  const isLength = ({ name, value }: Field): boolean => name === 'content-length' && /^[0-9]+$/.test(value)
  return fields.filter(isLength).length === 1 ? fields.filter((field) => !isLength(field)) : fields
}
