/** One stream of a client as a strict receiver sees it: its request, how far it is, whether anything is owed on it. */
import type { Field } from '../fields.ts'
import type { Head, Message } from '../message.ts'
import { type Http2Request, lengthOf, malformedTrailers, requestOf } from './request.ts'

export interface Stream {
  readonly id: number
  /** `open`: more is to come. `whole`: a request that may arrive. `malformed`: one that may not. */
  state: 'open' | 'whole' | 'malformed'
  /** Its fields, as they came. */
  readonly section: readonly Field[]
  readonly trailers: Field[]
  /** Null where its fields are no request. */
  readonly request: Http2Request | null
  /** What it says of its body; null where it says nothing that can be read. */
  readonly length: number | null
  body: string
  /** No more is to come, however it stands. */
  ended: boolean
  /** Its client wants no answer. */
  left: boolean
  /** A frame of it was wrong, whatever its fields say. */
  misframed: boolean
}

export function begun(id: number, fields: readonly Field[], ends: boolean): Stream {
  const request = requestOf(fields)
  const malformed = typeof request === 'string'
  const length = lengthOf(fields)
  const stream: Stream = {
    id,
    section: fields,
    trailers: [],
    state: malformed ? 'malformed' : 'open',
    request: malformed ? null : request,
    length: typeof length === 'number' ? length : null,
    body: '',
    ended: false,
    left: false,
    misframed: false,
  }
  if (ends) end(stream)
  return stream
}

export function end(stream: Stream): void {
  stream.ended = true
  if (stream.state !== 'open') return
  stream.state = stream.length === null || stream.length === stream.body.length ? 'whole' : 'malformed'
}

/** An error of the stream, whatever its request says. */
export function misframed(stream: Stream): void {
  stream.misframed = true
  stream.state = 'malformed'
}

/** RFC 9113 §8.1: trailers end the stream. */
export function trailers(stream: Stream, fields: readonly Field[], ends: boolean): void {
  stream.trailers.push(...fields)
  if (!ends) misframed(stream)
  if (malformedTrailers(fields) !== null) stream.state = 'malformed'
  if (ends) end(stream)
}

/** Whether an answer or a refusal must come. */
export function isOwed({ state, left }: Stream): boolean {
  return state !== 'open' && !left
}

/** The head of its request as the judge knows it. */
export function headOf({ request, body }: Stream): Head | null {
  if (request === null) return null
  const framing = { kind: 'length', bytes: body.length } as const
  return { ...request, version: 'HTTP/1.1', framing, last: false, bodyAt: 0 }
}

/** Those that may arrive whole. */
export function messagesOf(streams: readonly Stream[]): Message[] {
  return streams.flatMap((stream) => {
    const head = stream.state === 'whole' ? headOf(stream) : null
    return head === null ? [] : [{ head, body: stream.body, end: 0 }]
  })
}
