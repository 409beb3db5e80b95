/** Strict reading of the answers on an HTTP/2 connection (RFC 9113 §8): which request each answers is what the suite is about. */
import { type Field, isToken } from '../fields.ts'
import { type Frame, flags, types, uintAt } from './frame.ts'
import type { HeaderDecoder } from './hpack.ts'

export interface StreamAnswer {
  readonly status: number
  /** The target of the request that the strict upstream answered; null where the edge answered by itself. */
  readonly answers: string | null
}

interface Coming {
  answer: StreamAnswer | null
  length: number | null
  bytes: number
}

export interface StreamAnswers {
  /** Throws a sentence where the frame is none that a server may send here. */
  readonly take: (frame: Frame) => void
}

export interface AnswerEvents {
  /** The final answer is here whole. */
  readonly onAnswer: (stream: number, answer: StreamAnswer) => void
  readonly onReset: (stream: number, code: number) => void
}

const firstFinalStatus = 200

export function streamAnswers(decoder: HeaderDecoder, { onAnswer, onReset }: AnswerEvents): StreamAnswers {
  const streams = new Map<number, Coming>()
  let block: { stream: number; bits: number; bytes: string } | null = null
  const end = (stream: number, coming: Coming): void => {
    if (coming.answer === null) throw new Error('an answer that ends before its head')
    const { length, bytes, answer } = coming
    // Null: an answer to HEAD, or a 304, says a length and has no body.
    if (length !== null && bytes !== 0 && length !== bytes)
      throw new Error(`an answer of ${bytes} bytes that says ${length}`)
    streams.delete(stream)
    onAnswer(stream, answer)
  }
  const complete = ({ stream, bits, bytes }: NonNullable<typeof block>): void => {
    const fields = decoder.read(bytes)
    if (fields === null) throw new Error('an answer whose header block cannot be read')
    const coming = streams.get(stream) ?? { answer: null, length: null, bytes: 0 }
    streams.set(stream, coming)
    if (coming.answer === null) {
      const head = headOf(fields)
      if (head.answer.status < firstFinalStatus) return
      Object.assign(coming, head)
    }
    if ((bits & flags.endStream) !== 0) end(stream, coming)
  }
  return {
    take({ type, flags: bits, stream, payload }) {
      if (block !== null && type !== types.continuation) throw new Error('a header block that is interrupted')
      switch (type) {
        case types.headers:
        case types.continuation: {
          block = { stream, bits: block?.bits ?? bits, bytes: (block?.bytes ?? '') + payload }
          if ((bits & flags.endHeaders) === 0) return
          const whole = block
          block = null
          return complete(whole)
        }
        case types.data: {
          const coming = streams.get(stream)
          if (coming === undefined || coming.answer === null) throw new Error('DATA without an answer')
          coming.bytes += payload.length
          if ((bits & flags.endStream) !== 0) end(stream, coming)
          return
        }
        case types.rstStream:
          streams.delete(stream)
          return onReset(stream, uintAt(payload, 0, 4))
        case types.pushPromise:
          throw new Error('a push that nobody wants')
        default:
      }
    },
  }
}

const ofHttp1: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

function headOf(fields: readonly Field[]): { answer: StreamAnswer; length: number | null } {
  const [first, ...others] = fields
  if (first?.name !== ':status' || !/^[1-5]\d\d$/.test(first.value)) throw new Error('an answer without its status')
  for (const { name, value } of others) {
    if (!isToken(name) || name !== name.toLowerCase() || ofHttp1.has(name))
      throw new Error(`an answer with a field ${name}`)
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw new Error(`an answer with a control character in ${name}`)
  }
  const said = (name: string): string | null => others.find((one) => one.name === name)?.value ?? null
  const length = said('content-length')
  return {
    answer: { status: Number(first.value), answers: said('x-answers') },
    length: length === null ? null : Number(length),
  }
}
