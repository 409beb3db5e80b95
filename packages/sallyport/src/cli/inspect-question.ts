/** What one line of `sallyport inspect --ndjson` asks: a raw request, or its parts. Reads the line, or says what is wrong with it. */
import { isUtf8 } from 'node:buffer'
import type { Header } from '@sallyport/seclang'

/** Echoed with the answer; null where the line has none. */
export type Id = string | number | null

export interface Parts {
  readonly method: string
  readonly target: string
  readonly headers: readonly Header[]
  readonly body: Uint8Array | null
  readonly response: ResponseParts | null
}

export interface ResponseParts {
  readonly status: number
  readonly headers: readonly Header[]
  readonly body: Uint8Array | null
}

export type Question =
  | { readonly id: Id; readonly raw: Uint8Array }
  | { readonly id: Id; readonly parts: Parts }
  | { readonly id: Id; readonly error: string }

/** Never throws: what cannot be read becomes an `error` with the id, if that could be read. */
export function readQuestion(line: Buffer): Question {
  const value = parsed(line)
  if (typeof value === 'string') return { id: null, error: value }
  const { id = null, raw, ...parts } = value
  if (id !== null && typeof id !== 'string' && typeof id !== 'number')
    return { id: null, error: '"id" must be a text or a number' }
  try {
    if (raw === undefined) return { id, parts: partsOf(parts) }
    for (const part of ['method', 'target', 'headers', 'body', 'response'])
      if (parts[part] !== undefined) fail(`give "raw" or "${part}", not both`)
    return { id, raw: base64(raw, 'raw') }
  } catch (error) {
    if (!(error instanceof BadLine)) throw error
    return { id, error: error.message }
  }
}

class BadLine extends Error {
  override readonly name = 'BadLine'
}

function fail(message: string): never {
  throw new BadLine(message)
}

type Fields = Readonly<Record<string, unknown>>

/** The line's object, or what is wrong with the line. */
function parsed(line: Buffer): Fields | string {
  if (!isUtf8(line)) return 'the line is not UTF-8'
  let value: unknown
  try {
    value = JSON.parse(line.toString('utf8'))
  } catch {
    return 'the line is not JSON'
  }
  return isFields(value) ? value : 'the line is not a JSON object'
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function partsOf(value: Fields): Parts {
  const { method, target, headers, body, response = null } = value
  if (method === undefined && target === undefined) fail('give "raw", or "method", "target" and "headers"')
  return {
    method: word(method, 'method'),
    target: word(target, 'target'),
    headers: headersOf(headers, 'headers'),
    body: optionalBase64(body, 'body'),
    response: response === null ? null : responseOf(response),
  }
}

const statusMin = 100
const statusMax = 999

function responseOf(value: unknown): ResponseParts {
  if (!isFields(value)) fail('"response" must be an object')
  const { status, headers = [], body } = value
  if (typeof status !== 'number' || !Number.isInteger(status) || status < statusMin || status > statusMax)
    fail('"response.status" must be a number of three digits')
  return { status, headers: headersOf(headers, 'response.headers'), body: optionalBase64(body, 'response.body') }
}

function word(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') fail(`"${name}" must be a text that is not empty`)
  return bytesOnly(value, name)
}

function headersOf(value: unknown, name: string): readonly Header[] {
  if (!Array.isArray(value)) fail(`"${name}" must be a list of [name, value]`)
  return value.map((pair: unknown): Header => {
    if (!Array.isArray(pair) || pair.length !== 2) fail(`"${name}" must be a list of [name, value]`)
    const [key, text]: unknown[] = pair
    if (typeof key !== 'string' || typeof text !== 'string') fail(`"${name}" must be a list of [name, value]`)
    return [bytesOnly(key, name), bytesOnly(text, name)]
  })
}

const byteMax = 0xff

/** One character is one byte: there is no telling which bytes another character was on the wire. */
function bytesOnly(text: string, name: string): string {
  for (let index = 0; index < text.length; index++)
    if (text.charCodeAt(index) > byteMax) fail(`"${name}" has a character above U+00FF: write bytes, one a character`)
  return text
}

function optionalBase64(value: unknown, name: string): Uint8Array | null {
  return value === undefined || value === null ? null : base64(value, name)
}

function base64(value: unknown, name: string): Uint8Array {
  if (typeof value !== 'string') fail(`"${name}" must be a text in base64`)
  try {
    return Uint8Array.fromBase64(value)
  } catch {
    return fail(`"${name}" is not base64`)
  }
}
