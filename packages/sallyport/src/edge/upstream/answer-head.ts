/** The head of an answer (RFC 9112 §4 and §5): status line and fields, up to and with the empty line.
 *
 *      HTTP/1.1 SP status [SP reason] CRLF *(name ":" value CRLF) CRLF
 *
 *  Strict, for a proxy that guesses passes its guess on: a line ends with CRLF and nothing else does (RFC 9112 §2.2 would allow a lone LF: a second
 *  reading of the same bytes); no folded lines (§5.2: a proxy may answer 502), no blank before the colon (§5.1), no control characters. */
import { answerFieldsMax } from '../bounds.ts'
import { isTokenByte, isValueByte } from './characters.ts'

export interface AnswerHead {
  readonly status: number
  readonly statusText: string
  /** Of HTTP/1.x. */
  readonly minor: 0 | 1
  /** Name, value, …, latin1, as sent, but for blanks around a value. */
  readonly headers: readonly string[]
}

const CR = 0x0d
const LF = 0x0a
const SP = 0x20
const HTAB = 0x09
const colon = 0x3a
const zero = 0x30
const nine = 0x39

const version = 'HTTP/1.'
const statusAt = 'HTTP/1.1 '.length
const reasonAt = 'HTTP/1.1 200'.length

/** Whether these bytes may be the beginning of an answer: what is something else should be told before it ends, if it ever does. */
export function mayBegin(bytes: Buffer, from: number, to: number): boolean {
  const length = Math.min(version.length, to - from)
  for (let i = 0; i < length; i++) if (bytes[from + i] !== version.charCodeAt(i)) return false
  return true
}

/** Reads a head whose last four bytes, up to `to`, are CRLF CRLF; gives what is wrong with it in words. `mayBegin` was asked before. */
export function readAnswerHead(bytes: Buffer, from: number, to: number): AnswerHead | string {
  const status = readStatus(bytes, from)
  if (status === null) return 'its first line is no status line of HTTP/1.0 or HTTP/1.1'
  let at = from + reasonAt
  // The blank before a reason belongs there even if none follows; some leave it out.
  if (bytes[at] === SP) at++
  const text = bytes.toString('latin1', from, to)
  const reasonFrom = at
  while (isValueByte[bytes[at] as number] === 1) at++
  if (at > reasonFrom && reasonFrom === from + reasonAt) return 'its first line is no status line'
  if (bytes[at] !== CR || bytes[at + 1] !== LF) return 'its first line has a control character'
  const statusText = text.slice(reasonFrom - from, at - from)
  const headers: string[] = []
  for (at += 2; bytes[at] !== CR; at += 2) {
    if (headers.length === 2 * answerFieldsMax) return 'it has too many fields'
    const nameFrom = at
    while (isTokenByte[bytes[at] as number] === 1) at++
    if (at === nameFrom || bytes[at] !== colon) return 'a field has no name of the form that names have'
    const nameTo = at++
    while (isBlank(bytes[at])) at++
    const valueFrom = at
    while (isValueByte[bytes[at] as number] === 1) at++
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return 'a field has a control character'
    let valueTo = at
    while (valueTo > valueFrom && isBlank(bytes[valueTo - 1])) valueTo--
    headers.push(text.slice(nameFrom - from, nameTo - from), text.slice(valueFrom - from, valueTo - from))
  }
  if (at + 2 !== to) return 'a line ends in CR'
  return { status, statusText, minor: bytes[from + version.length] === zero ? 0 : 1, headers }
}

/** The three digits of a status line; null where the line is none. 100 to 999: beyond 599 has no meaning (RFC 9110 §15), and is in use. */
function readStatus(bytes: Buffer, from: number): number | null {
  const minor = bytes[from + version.length]
  if ((minor !== zero && minor !== zero + 1) || bytes[from + statusAt - 1] !== SP) return null
  let status = 0
  for (let i = statusAt; i < reasonAt; i++) {
    const digit = bytes[from + i] as number
    if (!(digit >= zero && digit <= nine)) return null
    status = status * 10 + digit - zero
  }
  return status < 100 ? null : status
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HTAB
}
