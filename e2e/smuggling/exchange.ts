/** Plays one case: the payload on a connection of its own, a tagged request behind it, and one on the neighbour's connection. */
import { connect, type Socket } from 'node:net'
import { type Answer, answerReader } from './answers.ts'
import { inOriginForm } from './forwarded.ts'
import type { Door } from './front.ts'
import type { Case } from './generator.ts'
import type { Judge } from './judge.ts'
import { type Message, type Reading, readAll } from './message.ts'
import { type Neighbour, tagged } from './neighbour.ts'

/** An edge that does not answer a request which it has whole is as wrong as one that answers another. */
export const silenceMaxMs = 3000

export interface Played {
  /** The tagged request on the payload's connection was answered by its own tag; false where the edge had closed. */
  readonly sameAnswered: boolean
}

export async function play(one: Case, { port }: Door, judge: Judge, other: Neighbour): Promise<Played> {
  const same = `/c${one.index}/same/plain`
  const elsewhere = `/c${one.index}/other/plain`
  const own = readAll(one.payload)
  const reading = readAll(one.payload + tagged(same))
  judge.expect(one.index, [...reading.messages, ...taggedMessages(elsewhere)], reading.open)
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const talk = conversation(one, socket, judge, own, reading, same)
  await talk.sent
  await ask(other, elsewhere, one.index, judge)
  talk.mayEnd()
  if (!talk.mustAnswer()) {
    // The edge may wait for bytes that never come. One more round trip is time enough for it to read what it has.
    const again = `/c${one.index}/again/plain`
    judge.expect(one.index, taggedMessages(again))
    await ask(other, again, one.index, judge)
    if (!talk.mustAnswer()) talk.end()
  }
  return await talk.ended
}

export function taggedMessages(target: string): readonly Message[] {
  return readAll(tagged(target)).messages
}

/** The neighbour asks, and must get its own answer. */
export async function ask(other: Neighbour, target: string, index: number, judge: Judge): Promise<void> {
  const timer = setTimeout(() => other.close(), silenceMaxMs)
  const answered = await other.ask(target)
  clearTimeout(timer)
  if (answered !== target)
    judge.report({ kind: 'wrong tag', index, what: `another client asked ${target} and got ${answered}`, raw: null })
}

interface Conversation {
  /** The payload is out, or the connection is gone. */
  readonly sent: Promise<void>
  readonly ended: Promise<Played>
  /** The neighbour has its answer: what waited for that goes on. */
  readonly mayEnd: () => void
  /** The tagged request is on its way to an edge that has everything it needs to answer it. */
  readonly mustAnswer: () => boolean
  readonly end: () => void
}

function conversation(
  one: Case,
  socket: Socket,
  judge: Judge,
  own: Reading,
  reading: Reading,
  same: string,
): Conversation {
  const sent = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<Played>()
  const wrong = (what: string): void => judge.report({ kind: 'wrong tag', index: one.index, what, raw: null })
  const reader = answerReader((n) => (reading.messages[n]?.head ?? reading.open)?.method ?? 'GET')
  let finals = 0
  let continued = false
  let tagSent = one.follows === 'at once'
  let sameAnswered = false
  let mustAnswer = one.follows !== 'never' && own.end === 'whole' && reading.messages.at(-1)?.head.target === same
  const sendTag = (): void => {
    if (tagSent || one.follows === 'never' || socket.destroyed) return
    tagSent = true
    socket.write(tagged(same), 'latin1')
  }
  const onAnswer = (answer: Answer): void => {
    if (answer.status === 100) continued = true
    if (answer.status < 200) return
    const head = reading.messages[finals]?.head ?? reading.open
    const asked = head === null ? undefined : inOriginForm(head).target
    finals++
    if (answer.answers !== null && answer.answers !== (asked ?? same))
      wrong(`${asked} was answered by ${answer.answers}`)
    if (answer.answers === same) {
      sameAnswered = true
      return void socket.destroy()
    }
    if (answer.last) return
    if (own.end === 'whole' && finals >= own.messages.length) sendTag()
    // Refused before its body was sent (RFC 9110 §10.1.1): if the connection goes on, the next bytes are the next request.
    else if (!tagSent && !continued && finals > own.messages.length && expects(own)) {
      judge.expect(one.index, taggedMessages(same))
      mustAnswer = true
      sendTag()
    }
  }
  onData(socket, (text) => reader.push(text).forEach(onAnswer), wrong)
  const silence = setTimeout(() => {
    if (mustAnswer) wrong(`no answer to ${same} on an open connection`)
    socket.destroy()
  }, silenceMaxMs)
  socket.once('connect', () =>
    write(socket, tagSent ? one.payload + tagged(same) : one.payload, one.cuts, () => {
      sent.resolve()
      if (one.follows === 'never') leave(socket)
    }),
  )
  socket.once('close', () => {
    clearTimeout(silence)
    sent.resolve()
    ended.resolve({ sameAnswered })
  })
  return {
    sent: sent.promise,
    ended: ended.promise,
    mayEnd: () => {
      if (!mustAnswer) sendTag()
    },
    mustAnswer: () => mustAnswer,
    end: () => void socket.destroy(),
  }
}

function onData(socket: Socket, take: (text: string) => void, wrong: (what: string) => void): void {
  socket.on('error', () => socket.destroy())
  socket.setEncoding('latin1').on('data', (text: string) => {
    try {
      take(text)
    } catch (error) {
      wrong((error as Error).message)
      socket.destroy()
    }
  })
}

/** As a client does that has been killed. */
function leave(socket: Socket): void {
  socket.write('', () => socket.resetAndDestroy())
}

function expects({ open }: Reading): boolean {
  return open?.fields.some(({ name, value }) => name.toLowerCase() === 'expect' && value !== '') ?? false
}

/** Writes the bytes in pieces, a turn of the event loop between them. */
function write(socket: Socket, bytes: string, cuts: readonly number[], done: () => void): void {
  const [cut, ...more] = cuts
  if (cut === undefined || socket.destroyed) {
    if (!socket.destroyed) socket.write(bytes, 'latin1')
    done()
    return
  }
  if (cut > 0) socket.write(bytes.slice(0, cut), 'latin1')
  setImmediate(() =>
    write(
      socket,
      bytes.slice(cut),
      more.map((at) => at - cut),
      done,
    ),
  )
}
