/** Strict reading of the answers on a client's connection: which request each answers is what the suite is about. */
import { readChunked } from './chunked.ts'
import { fieldSection } from './fields.ts'
import { lineEnd } from './lines.ts'
import { connectionOptions, valuesOf } from './message.ts'

export interface Answer {
  readonly status: number
  /** The target of the request that the strict upstream answered; null where the edge answered by itself. */
  readonly answers: string | null
  /** The edge said that it would close the connection. */
  readonly last: boolean
}

export interface AnswerReader {
  /** The answers that these bytes complete, 1xx among them. Throws a sentence where the bytes are no answers. */
  readonly push: (text: string) => Answer[]
  /** The bytes that no answer has used yet. */
  readonly rest: () => string
}

/** `methodOf(n)` is the method of the nth request, from 0: an answer to HEAD has no body (RFC 9112 §6.3). */
export function answerReader(methodOf: (n: number) => string): AnswerReader {
  let held = ''
  let finals = 0
  return {
    push(text) {
      held += text
      const found: Answer[] = []
      while (held !== '') {
        const next = readAnswer(held, methodOf(finals) === 'HEAD')
        if (next === null) break
        held = held.slice(next.end)
        if (next.answer.status >= firstFinalStatus) finals++
        found.push(next.answer)
      }
      return found
    },
    rest: () => held,
  }
}

const firstFinalStatus = 200

function readAnswer(text: string, toHead: boolean): { answer: Answer; end: number } | null {
  const line = lineEnd(text, 0)
  if (line === null) return null
  if (typeof line === 'object') throw new Error(`an answer with ${line.refused}`)
  const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) /.exec(text.slice(0, line))?.[1])
  if (Number.isNaN(status)) throw new Error(`bytes that begin no answer:\n${JSON.stringify(text.slice(0, 300))}`)
  const section = fieldSection(text, line + 2)
  if (section === null) return null
  if ('refused' in section) throw new Error(`an answer with ${section.refused}`)
  const { fields } = section
  const answer = {
    status,
    answers: valuesOf(fields, 'x-answers')[0] ?? null,
    last: connectionOptions(fields).has('close'),
  }
  if (toHead || status < firstFinalStatus || status === 204 || status === 304) return { answer, end: section.end }
  const [length] = valuesOf(fields, 'content-length')
  if (length !== undefined) {
    const end = section.end + Number(length)
    return text.length < end ? null : { answer, end }
  }
  if (valuesOf(fields, 'transfer-encoding').length > 0) {
    const chunked = readChunked(text, section.end)
    if (chunked === null) return null
    if ('refused' in chunked) throw new Error(`an answer with ${chunked.refused}`)
    return { answer, end: chunked.end }
  }
  // Ends with the connection: whatever comes belongs to it.
  return { answer, end: text.length }
}
