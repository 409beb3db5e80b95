/** One request and its response as the rules see them: parsed once, lazily, shared by every rule set that judges it.
 *
 *  Bytes: every text is latin1, one character is one byte. Nothing here throws, whatever the bytes. */

import type { BodyBounds, ParsedBody, ProcessorName } from './bodies/body.ts'
import { processorFor } from './bodies/content-type.ts'
import { parseCookies } from './bodies/cookies.ts'
import { bodyProcessors } from './bodies/index.ts'
import { readPairs, withoutCutEscape } from './bodies/urlencoded.ts'
import * as bounds from './bounds.ts'
import { makeValue, type Value } from './value.ts'

/** A header as it came, in order, duplicates kept. */
export type Header = readonly [name: string, value: string]

export interface Peer {
  readonly address: string
  readonly port: number
}

/** What is known when the request's head has been read. Texts are latin1; characters above U+00FF are taken as their UTF-8 bytes. */
export interface RequestHead {
  readonly id?: string
  readonly client: Peer
  readonly server: Peer
  readonly method: string
  /** As on the request line: `/path?query`, `*`, or an absolute URL. */
  readonly target: string
  /** `HTTP/1.1`, `HTTP/2`. */
  readonly protocol: string
  readonly headers: readonly Header[]
  /** The request line where it was not `method target protocol` (HTTP/0.9); composed from them otherwise. */
  readonly requestLine?: string
}

export interface ResponseHead {
  readonly status: number
  readonly protocol: string
  readonly headers: readonly Header[]
}

/** Hard maxima of one exchange; each has a default in bounds.ts. */
export interface ExchangeBounds extends BodyBounds {
  readonly requestBodyBytesMax: number
  readonly responseBodyBytesMax: number
}

/** A request that no rule may judge, because part of it would pass unread: what the server should answer. */
export interface Refusal {
  readonly status: 400 | 413
  readonly reason: string
}

/** A value of a collection, under its name. */
export interface Named {
  readonly key: string
  readonly value: Value
}

const defaultBounds: ExchangeBounds = {
  requestBodyBytesMax: bounds.requestBodyBytesMax,
  responseBodyBytesMax: bounds.responseBodyBytesMax,
  valuesMax: bounds.valuesMax,
  depthMax: bounds.bodyDepthMax,
  partsMax: bounds.bodyPartsMax,
}

/** Create one for each request; feed it the bodies as they arrive; give it to `RuleSet.begin`. */
export class Exchange {
  readonly id: string
  readonly client: Peer
  readonly server: Peer
  readonly startedAt: number = Date.now()
  readonly method: Value
  readonly protocol: Value
  readonly requestLine: Value
  /** The target as it came, and without scheme and host where it was absolute. */
  readonly uriRaw: Value
  readonly uri: Value
  readonly queryString: Value
  /** The path, percent-decoded once (`+` is no blank in a path); split off at the first raw `?` before decoding, so that `%3f`
   *  stays path (CVE-2024-1019). */
  readonly filename: Value
  readonly basename: Value
  readonly headers: readonly Named[]
  readonly contentType: string
  /** Chosen by the content type alone; rules may choose another (`ctl:requestBodyProcessor`). */
  readonly defaultProcessor: ProcessorName | null
  readonly queryArguments: readonly Named[]
  /** A `%` without two hexadecimal digits stands in the query string. */
  readonly queryHasInvalidEscape: boolean
  requestBody: Value = makeValue('')
  requestBodyReceived = false
  /** `requestBody` is the beginning of a longer one, whose rest no rule sees. */
  requestBodyIsCut = false
  response: { readonly status: Value; readonly protocol: Value; readonly headers: readonly Named[] } | null = null
  // A value of its own for each exchange: what rule sets remember of it must end with the exchange.
  responseBody: Value = makeValue('')
  /** The response's body was longer than its bound: `responseBody` is its beginning. */
  responseBodyIsCut = false
  /** Set where a bound was passed; the request must be refused, whatever the rules say. Bodies are parsed when a rule first
   *  asks: look here after each phase. */
  refusal: Refusal | null = null

  readonly #bounds: ExchangeBounds
  readonly #bodies = new Map<ProcessorName, ParsedBody>()
  #cookies: readonly Named[] | null = null
  #formHasInvalidEscape: boolean | null = null

  constructor(head: RequestHead, exchangeBounds: Partial<ExchangeBounds> = {}) {
    this.#bounds = { ...defaultBounds, ...exchangeBounds }
    this.id = head.id ?? crypto.randomUUID()
    this.client = head.client
    this.server = head.server
    const method = toBytes(head.method)
    const target = toBytes(head.target)
    const protocol = toBytes(head.protocol)
    this.method = makeValue(method)
    this.protocol = makeValue(protocol)
    this.requestLine = makeValue(toBytes(head.requestLine ?? `${method} ${target} ${protocol}`))
    this.uriRaw = makeValue(target)
    const uri = originForm(target)
    this.uri = uri === target ? this.uriRaw : makeValue(uri)
    // A fragment, which no honest client sends, stays where it stands: a parser behind us may read it as path or argument.
    const question = uri.indexOf('?')
    this.queryString = makeValue(question === -1 ? '' : uri.slice(question + 1))
    this.filename = makeValue(percentDecoded(question === -1 ? uri : uri.slice(0, question)))
    this.basename = makeValue(afterLastSlash(this.filename.text))
    this.headers = namedHeaders(head.headers)
    if (this.headers.length > this.#bounds.valuesMax) this.#refuse(413, 'more headers than bounds.valuesMax')
    this.contentType = this.header('content-type')
    this.defaultProcessor = processorFor(this.contentType)
    const { args, invalidEscape, overBound } = readPairs(this.queryString.text, '&', this.#bounds.valuesMax)
    if (overBound) this.#refuse(413, tooManyArguments)
    this.queryHasInvalidEscape = invalidEscape
    this.queryArguments = args.map((pair) => ({ key: pair.name, value: makeValue(pair.value) }))
  }

  /** The first header of that name (lower case), or ''. */
  header(name: string): string {
    return this.headers.find((header) => header.key.toLowerCase() === name)?.value.text ?? ''
  }

  get cookies(): readonly Named[] {
    if (this.#cookies !== null) return this.#cookies
    const cookies = this.headers
      .filter((header) => header.key.toLowerCase() === 'cookie')
      .flatMap((header) => parseCookies(header.value.text))
    if (cookies.length > this.#bounds.valuesMax) this.#refuse(413, 'more cookies than bounds.valuesMax')
    this.#cookies = cookies
      .slice(0, this.#bounds.valuesMax)
      .map((cookie) => ({ key: cookie.name, value: makeValue(cookie.value) }))
    return this.#cookies
  }

  /** Hands over the whole request body, decoded. Over the bound it is not kept: `refusal` says 413. */
  receiveBody(bytes: Uint8Array): void {
    this.requestBodyReceived = true
    if (bytes.length > this.#bounds.requestBodyBytesMax) {
      this.#refuse(413, 'a body longer than bounds.requestBodyBytesMax')
      return
    }
    this.requestBody = makeValue(latin1(bytes))
  }

  /** Hands over the beginning of a body whose rest goes on unread, as the server has chosen: judged for what it is, and INBOUND_DATA_ERROR says so
   *  (ModSecurity reference, "SecRequestBodyLimitAction ProcessPartial"). That it breaks off is no error of its parser. */
  receiveBodyBeginning(bytes: Uint8Array): void {
    this.requestBodyIsCut = true
    this.receiveBody(bytes)
  }

  /** The body as `processor` reads it, parsed once; null where there is no body, or no processor. */
  parsedBody(processor: ProcessorName | null): ParsedBody | null {
    if (processor === null || this.requestBody.text === '') return null
    let parsed = this.#bodies.get(processor)
    if (parsed === undefined) {
      const valuesMax = this.#bounds.valuesMax - this.queryArguments.length
      const own = { ...this.#bounds, valuesMax }
      parsed = bodyProcessors[processor](this.requestBody.text, this.contentType, own, this.requestBodyIsCut)
      this.#bodies.set(processor, parsed)
      const parts = parsed.multipart?.fileLimitExceeded === true
      if (parsed.overBound) this.#refuse(413, parts ? 'more parts than bounds.partsMax' : tooManyArguments)
    }
    return parsed
  }

  /** Whether a `%` without two hexadecimal digits stands in the body, read as a form. */
  formHasInvalidEscape(): boolean {
    const { text } = this.requestBody
    const form = this.requestBodyIsCut ? withoutCutEscape(text) : text
    this.#formHasInvalidEscape ??= readPairs(form, '&', this.#bounds.valuesMax).invalidEscape
    return this.#formHasInvalidEscape
  }

  receiveResponse(head: ResponseHead): void {
    this.response = {
      status: makeValue(String(head.status)),
      protocol: makeValue(toBytes(head.protocol)),
      headers: namedHeaders(head.headers),
    }
  }

  /** Hands over the response's body, or its beginning: what is over the bound is not read. */
  receiveResponseBody(bytes: Uint8Array): void {
    this.responseBodyIsCut = bytes.length > this.#bounds.responseBodyBytesMax
    this.responseBody = makeValue(latin1(bytes.subarray(0, this.#bounds.responseBodyBytesMax)))
  }

  /** The first response header of that name (lower case), or ''. */
  responseHeader(name: string): string {
    return this.response?.headers.find((header) => header.key.toLowerCase() === name)?.value.text ?? ''
  }

  #refuse(status: Refusal['status'], reason: string): void {
    this.refusal ??= { status, reason }
  }
}

const tooManyArguments = 'more arguments than bounds.valuesMax'

function namedHeaders(headers: readonly Header[]): readonly Named[] {
  return headers.map(([name, value]) => ({ key: toBytes(name), value: makeValue(toBytes(value)) }))
}

/** Bytes as latin1 text. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** A text that came with characters beyond a byte (no client can send one, a caller can) becomes its UTF-8 bytes. */
function toBytes(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0xff) return Buffer.from(text, 'utf8').toString('latin1')
  }
  return text
}

/** RFC 9112 §3.2.2: an absolute-form target, without its scheme and authority; every other target as it is. */
function originForm(target: string): string {
  const scheme = target.indexOf('://')
  if (scheme <= 0 || target.startsWith('/')) return target
  for (let index = 0; index < scheme; index++) {
    const code = target.charCodeAt(index) | 0x20
    const letter = code >= 0x61 && code <= 0x7a
    if (!letter && (index === 0 || !'0123456789+-.'.includes(target[index] as string))) return target
  }
  for (let index = scheme + 3; index < target.length; index++) {
    const character = target[index]
    if (character === '/') return target.slice(index)
    if (character === '?' || character === '#') return `/${target.slice(index)}`
  }
  return '/'
}

/** RFC 3986 §2.1; what is no escape stays as it is. */
function percentDecoded(path: string): string {
  if (!path.includes('%')) return path
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

function afterLastSlash(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
