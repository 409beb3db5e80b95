/** The other client: one kept connection that asks tagged requests one by one, and must always get its own answer. */
import { connect, type Socket } from 'node:net'
import { answerReader } from './answers.ts'
import type { Door } from './front.ts'

export interface Neighbour {
  /** Resolves with the target that was answered; null where the edge answered by itself or closed without an answer. */
  readonly ask: (target: string) => Promise<string | null>
  readonly close: () => void
}

export function neighbour({ port }: Door): Neighbour {
  let socket: Socket | null = null
  let waiting: ((answered: string | null) => void) | null = null
  const settle = (answered: string | null): void => {
    const resolve = waiting
    waiting = null
    resolve?.(answered)
  }
  const open = (): Socket => {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true })
    const reader = answerReader(() => 'GET')
    opened.setEncoding('latin1').on('data', (text: string) => {
      try {
        for (const answer of reader.push(text)) {
          if (waiting === null) throw new Error('an answer that nobody asked')
          if (answer.last) socket = null
          settle(answer.answers)
        }
      } catch {
        opened.destroy()
      }
    })
    opened.on('error', () => opened.destroy())
    opened.once('close', () => {
      if (socket === opened) socket = null
      settle(null)
    })
    return opened
  }
  return {
    ask(target) {
      socket ??= open()
      socket.write(tagged(target), 'latin1')
      return new Promise((resolve) => {
        waiting = resolve
      })
    },
    close: () => socket?.destroy(),
  }
}

export function tagged(target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
}
