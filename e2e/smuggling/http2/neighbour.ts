/** The other client: one kept HTTP/2 connection that asks tagged requests, each on a stream of its own. */
import type { Door } from '../front.ts'
import type { Neighbour } from '../neighbour.ts'
import { type Http2Client, openHttp2 } from './client.ts'
import { type Frame, flags, types } from './frame.ts'
import { blockOf } from './hpack.ts'

export function http2Neighbour(door: Door): Neighbour {
  let client: Http2Client | null = null
  let stream = 1
  let waiting: ((answered: string | null) => void) | null = null
  const settle = (answered: string | null): void => {
    const resolve = waiting
    waiting = null
    resolve?.(answered)
  }
  const open = (): Http2Client => {
    stream = 1
    const opened: Http2Client = openHttp2(door, {
      onAnswer: (_stream, { answers }) => settle(answers),
      onReset: () => settle(null),
      onGoaway() {
        if (client === opened) client = null
      },
      onWrong: () => undefined,
      onClose() {
        if (client === opened) client = null
        settle(null)
      },
    })
    return opened
  }
  return {
    ask(target) {
      client ??= open()
      client.send([taggedFrame(stream, target)])
      stream += 2
      return new Promise((resolve) => {
        waiting = resolve
      })
    },
    close: () => client?.close(),
  }
}

export function taggedFrame(stream: number, target: string): Frame {
  const block = blockOf([
    { name: ':method', value: 'GET' },
    { name: ':scheme', value: 'https' },
    { name: ':authority', value: 'a' },
    { name: ':path', value: target },
  ])
  return { type: types.headers, flags: flags.endHeaders | flags.endStream, stream, payload: block }
}
