/** Where the body of an answer ends, and whether its connection may carry another (RFC 9112 §6.3 and §9.3). Whatever two readers could read in two
 *  ways is refused. */
import { lengthDigitsMax } from '../bounds.ts'
import type { AnswerHead } from './answer-head.ts'
import { equalsIgnoringCase } from './characters.ts'

/** How many bytes of body follow: a number of them, chunks, or all until the connection ends. */
export type BodyLength = number | 'chunked' | 'untilClose'

export interface Framing {
  readonly body: BodyLength
  /** Whether the connection may be used again behind this answer. */
  readonly persistent: boolean
  /** Seconds that the upstream will keep it, where it says so (`Keep-Alive: timeout=5`). */
  readonly keptSeconds: number | null
}

const firstFinalStatus = 200
const noContent = 204
const notModified = 304

/** The framing of an answer to a request of that method, or in words why it has none. Of 1xx answers, they have no body. */
export function framingOf({ status, minor, headers }: AnswerHead, method: string): Framing | string {
  let length: string | null = null
  let coding: string | null = null
  let connection: string | null = null
  let keptSeconds: number | null = null
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    // Four lengths of names: most fields cost one comparison.
    if (name.length === 'content-length'.length && equalsIgnoringCase(name, 'content-length')) {
      if (length !== null) return 'it has two lengths'
      length = value
    } else if (name.length === 'transfer-encoding'.length && equalsIgnoringCase(name, 'transfer-encoding')) {
      if (coding !== null) return 'it has two codings'
      coding = value
    } else if (name.length === 'connection'.length) {
      if (equalsIgnoringCase(name, 'connection')) connection = connection === null ? value : `${connection},${value}`
      else if (equalsIgnoringCase(name, 'keep-alive')) keptSeconds = keptSecondsOf(value)
    }
  }
  if (length !== null && coding !== null) return 'it has a length and a coding'
  // A coding but `chunked` hides where the body ends, and HTTP/1.0 has none (RFC 9112 §6.1).
  if (coding !== null && (minor === 0 || !equalsIgnoringCase(coding, 'chunked')))
    return 'it has a coding that is not known'
  const bytes = length === null ? null : lengthOf(length)
  if (length !== null && bytes === null) return 'its length is no number'
  const persistent = connection === null ? minor === 1 : persists(connection, minor)
  const bodiless = status < firstFinalStatus || status === noContent || status === notModified
  if (bodiless || method === 'HEAD') {
    // These say of a body what a 204 must not (RFC 9110 §8.6): perhaps one comes after all.
    const doubtful = status === noContent && (coding !== null || (bytes ?? 0) > 0)
    return { body: 0, persistent: persistent && !doubtful, keptSeconds }
  }
  if (coding !== null) return { body: 'chunked', persistent, keptSeconds }
  return bytes === null
    ? { body: 'untilClose', persistent: false, keptSeconds }
    : { body: bytes, persistent, keptSeconds }
}

/** Digits and nothing else, no sign, no list (RFC 9110 §8.6 lets a proxy refuse `5, 5`); null for all else, and for what is no exact number. */
export function lengthOf(value: string): number | null {
  if (value.length === 0 || value.length > lengthDigitsMax) return null
  let bytes = 0
  for (let i = 0; i < value.length; i++) {
    const digit = digitOf(value.charCodeAt(i))
    if (digit === -1) return null
    bytes = bytes * 10 + digit
  }
  return bytes
}

function digitOf(code: number): number {
  return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1
}

/** HTTP/1.1 goes on unless it says `close`; HTTP/1.0 ends unless it says `keep-alive` (RFC 9112 §9.3). */
function persists(connection: string, minor: 0 | 1): boolean {
  const options = connection.toLowerCase().split(',')
  const says = (option: string): boolean => options.some((one) => one.trim() === option)
  return !says('close') && (minor === 1 || says('keep-alive'))
}

/** The number behind `timeout=`, or null. */
function keptSecondsOf(value: string): number | null {
  const lower = value.toLowerCase()
  const at = lower.indexOf('timeout=')
  if (at === -1) return null
  let seconds: number | null = null
  for (let i = at + 'timeout='.length; i < lower.length; i++) {
    const digit = digitOf(lower.charCodeAt(i))
    if (digit === -1) break
    seconds = Math.min((seconds ?? 0) * 10 + digit, secondsMax)
  }
  return seconds
}

/** More than a day is as good as for ever. */
const secondsMax = 86_400
