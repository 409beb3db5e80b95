/** Plays one case: its frames on a connection of its own, a tagged request on another stream of it, and one on the neighbour's
 *  connection. */
import { ask, type Played, silenceMaxMs, taggedMessages } from '../exchange.ts'
import type { Door } from '../front.ts'
import type { Judge } from '../judge.ts'
import type { Neighbour } from '../neighbour.ts'
import { type Http2Client, openHttp2 } from './client.ts'
import { written } from './frame.ts'
import type { Http2Case } from './generator.ts'
import { taggedFrame } from './neighbour.ts'
import { type Http2Reading, readFrames } from './reading.ts'
import { headOf, isOwed, messagesOf } from './stream.ts'

/** Higher than any that a case opens by intent. */
const tagStream = 101

export async function playHttp2(one: Http2Case, door: Door, judge: Judge, other: Neighbour): Promise<Played> {
  const same = `/c${one.index}/same/plain`
  const elsewhere = `/c${one.index}/other/plain`
  const tag = taggedFrame(tagStream, same)
  const reading = readFrames([...one.frames, tag].map(written).join(''))
  judge.expect(one.index, [...messagesOf(reading.streams), ...taggedMessages(elsewhere)])
  for (const stream of reading.streams) {
    const head = stream.state === 'open' ? headOf(stream) : null
    if (head !== null) judge.expect(one.index, [], head)
  }
  const talk = conversation(one, door, judge, reading, same)
  await Promise.race([talk.sent, talk.ended])
  await ask(other, elsewhere, one.index, judge)
  talk.mayEnd()
  if (!talk.mustAnswer()) {
    const again = `/c${one.index}/again/plain`
    judge.expect(one.index, taggedMessages(again))
    await ask(other, again, one.index, judge)
    talk.end()
  }
  return await talk.ended
}

interface Conversation {
  readonly sent: Promise<void>
  readonly ended: Promise<Played>
  /** The neighbour has its answer: what waited for that goes on. */
  readonly mayEnd: () => void
  /** Streams are owed an answer or a refusal, on a connection that must not end. */
  readonly mustAnswer: () => boolean
  readonly end: () => void
}

function conversation(one: Http2Case, door: Door, judge: Judge, reading: Http2Reading, same: string): Conversation {
  const ended = Promise.withResolvers<Played>()
  const wrong = (what: string): void => judge.report({ kind: 'wrong tag', index: one.index, what, raw: null })
  const targets = new Map(reading.streams.map(({ id, request }) => [id, request?.target ?? null]))
  const owed = new Set(
    reading.streams.filter((stream) => stream.id !== tagStream && isOwed(stream)).map(({ id }) => id),
  )
  const asksTag = one.follows !== 'never'
  let tagSent = false
  let tagSettled = !asksTag
  let sameAnswered = false
  let ending = false
  const end = (): void => {
    ending = true
    client.close()
  }
  const sendTag = (): void => {
    if (tagSent || !asksTag) return
    tagSent = true
    client.send([taggedFrame(tagStream, same)])
  }
  const settled = (stream: number): void => {
    owed.delete(stream)
    if (stream === tagStream) tagSettled = true
    if (owed.size > 0) return
    sendTag()
    if (tagSettled) end()
  }
  const client: Http2Client = openHttp2(door, {
    onAnswer(stream, { status, answers }) {
      const asked = targets.get(stream) ?? null
      if (answers !== null && answers !== asked) wrong(`${asked} was answered by ${answers}`)
      if (stream === tagStream && answers === same) sameAnswered = true
      else if (stream === tagStream && reading.mayEnd === null)
        wrong(`${same} was answered ${status} by the edge itself`)
      settled(stream)
    },
    onReset(stream, code) {
      if (stream === tagStream && reading.mayEnd === null) wrong(`${same} was reset with ${code}`)
      settled(stream)
    },
    onGoaway(code) {
      if (reading.mayEnd === null && code !== 0)
        wrong(`the connection was ended with ${code} for what concerns a stream`)
    },
    onWrong: (what) => wrong(what),
    onClose() {
      clearTimeout(silence)
      if (!ending && reading.mayEnd === null && asksTag) wrong('the connection was ended for what concerns a stream')
      ended.resolve({ sameAnswered })
    },
  })
  const silence = setTimeout(() => {
    if (reading.mayEnd === null && asksTag)
      wrong(owed.size > 0 ? 'a stream is neither answered nor refused' : `no answer to ${same} on an open connection`)
    end()
  }, silenceMaxMs)
  client.send(one.frames)
  if (one.follows === 'at once' || owed.size === 0) sendTag()
  const sent = client.drained()
  if (!asksTag) void sent.then(() => setImmediate(end))
  return {
    sent,
    ended: ended.promise,
    mayEnd: sendTag,
    mustAnswer: () => reading.mayEnd === null && asksTag,
    end,
  }
}
