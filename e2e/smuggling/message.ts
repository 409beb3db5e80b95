/** A small strict reader of HTTP/1.1 requests (RFC 9112). It stands on both sides of the edge: it says what the bytes of a client
 *  are, and whether the bytes that reach an upstream are what every server must read in the same way. */
import { readChunked } from './chunked.ts'
import { type Field, fieldSection, isToken, withoutOws } from './fields.ts'
import { lineEnd, type Refusal } from './lines.ts'

export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }

export interface Head {
  readonly method: string
  readonly target: string
  readonly version: 'HTTP/1.0' | 'HTTP/1.1'
  readonly fields: readonly Field[]
  readonly framing: Framing
  /** The sender wants no further request read on this connection (RFC 9112 §9.3, §9.6). */
  readonly last: boolean
  /** Where the body begins. */
  readonly bodyAt: number
}

export interface Message {
  readonly head: Head
  readonly body: string
  /** Where the next message begins. */
  readonly end: number
}

/** Null: more bytes are needed. `spaced`: parts of the request line may stand more than one space apart, as a server may take
 *  them (RFC 9112 §3) and a client must not send them. */
export function readHead(text: string, start: number, spaced = false): Head | Refusal | null {
  const end = lineEnd(text, start)
  if (end === null || typeof end === 'object') return end
  const line = requestLine(text.slice(start, end), spaced)
  if (line === null) return { refused: 'a malformed request line', at: start }
  const section = fieldSection(text, end + 2)
  if (section === null || 'refused' in section) return section
  const framing = framingOf(section.fields, line.version)
  if (typeof framing === 'string') return { refused: framing, at: end + 2 }
  const last = isLast(line.method, line.version, section.fields)
  return { ...line, fields: section.fields, framing, last, bodyAt: section.end }
}

/** Null: more bytes are needed. */
export function readMessage(text: string, start: number, spaced = false): Message | Refusal | null {
  const head = readHead(text, start, spaced)
  return head === null || 'refused' in head ? head : readBody(text, head)
}

function readBody(text: string, head: Head): Message | Refusal | null {
  const { framing, bodyAt } = head
  switch (framing.kind) {
    case 'none':
      return { head, body: '', end: bodyAt }
    case 'length': {
      const end = bodyAt + framing.bytes
      return text.length < end ? null : { head, body: text.slice(bodyAt, end), end }
    }
    case 'chunked': {
      const chunked = readChunked(text, bodyAt)
      return chunked === null || 'refused' in chunked ? chunked : { head, body: chunked.body, end: chunked.end }
    }
    default:
      return framing satisfies never
  }
}

/** Method, one space, target, one space, version. Of the target only what frames it is demanded: visible ASCII. Whether it is
 *  a URI is no question of framing, and what the rules are to see must be able to pass. */
function requestLine(line: string, spaced: boolean): Pick<Head, 'method' | 'target' | 'version'> | null {
  const [method = '', target = '', version, ...more] = spaced ? line.split(/ +/) : line.split(' ')
  if (more.length > 0 || !isToken(method) || !/^[\x21-\x7e]+$/.test(target)) return null
  return version === 'HTTP/1.0' || version === 'HTTP/1.1' ? { method, target, version } : null
}

/** How long the body is (RFC 9112 §6.3), or why two servers could disagree about it. */
function framingOf(fields: readonly Field[], version: Head['version']): Framing | string {
  const lengths = valuesOf(fields, 'content-length')
  const codings = valuesOf(fields, 'transfer-encoding')
  if (lengths.length > 0 && codings.length > 0) return 'a length and chunks'
  if (codings.length > 0) {
    if (version === 'HTTP/1.0') return 'chunks in HTTP/1.0 (RFC 9112 §6.1)'
    return codings.length === 1 && codings[0]?.toLowerCase() === 'chunked'
      ? { kind: 'chunked' }
      : 'a transfer coding other than chunked'
  }
  if (lengths.length === 0) return { kind: 'none' }
  const [length = ''] = lengths
  const bytes = Number(length)
  if (lengths.length > 1) return 'two lengths'
  return /^[0-9]+$/.test(length) && Number.isSafeInteger(bytes)
    ? { kind: 'length', bytes }
    : 'a length that is no number'
}

function isLast(method: string, version: Head['version'], fields: readonly Field[]): boolean {
  if (method === 'CONNECT') return true
  const options = connectionOptions(fields)
  if (options.has('close')) return true
  return version === 'HTTP/1.0' && !options.has('keep-alive')
}

/** In lower case. */
export function connectionOptions(fields: readonly Field[]): ReadonlySet<string> {
  const listed = valuesOf(fields, 'connection').flatMap((value) => value.split(','))
  return new Set(listed.map((option) => withoutOws(option).toLowerCase()))
}

/** The values of all fields of a name, which is in lower case. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.flatMap((field) => (field.name.toLowerCase() === name ? [field.value] : []))
}

/** What a client's bytes are, from their beginning. */
export interface Reading {
  readonly messages: readonly Message[]
  /** `whole`: nothing is left over. `partial`: more bytes are needed. `closed`: the last message wanted to be the last.
   *  `lost`: what follows the messages is no HTTP, so nothing after it is a request. */
  readonly end: 'whole' | 'partial' | 'closed' | 'lost'
  /** The head of a message whose body is still to come, or is lost. */
  readonly open: Head | null
  readonly why: string | null
}

export function readAll(text: string): Reading {
  const messages: Message[] = []
  let at = 0
  for (;;) {
    // Empty lines before a request line may be ignored (RFC 9112 §2.2), and whatever ends them, all begin at the same byte.
    while (text[at] === '\r' || text[at] === '\n') at++
    if (at === text.length) return { messages, end: 'whole', open: null, why: null }
    const message = readMessage(text, at, true)
    if (message === null) return { messages, end: 'partial', open: headAt(text, at), why: null }
    if ('refused' in message) return { messages, end: 'lost', open: headAt(text, at), why: message.refused }
    messages.push(message)
    at = message.end
    if (message.head.last) return { messages, end: at === text.length ? 'whole' : 'closed', open: null, why: null }
  }
}

function headAt(text: string, at: number): Head | null {
  const head = readHead(text, at, true)
  return head === null || 'refused' in head ? null : head
}
