/** What a forwarder to HTTP/1.1 may make of the fields of an HTTP/2 request. Written from RFC 9113 §8 alone; what it leaves open
 *  and two servers could read in two ways is refused here. */
import { type Field, isToken, withoutOws } from '../fields.ts'
import type { Head } from '../message.ts'

/** What the request says, in the form in which it may arrive at an upstream: `fields` as sent, one Host, one Cookie. */
export type Http2Request = Pick<Head, 'method' | 'target' | 'fields'>

/** The request, or why it is malformed. */
export function requestOf(all: readonly Field[]): Http2Request | string {
  const section = all.filter(isSayable)
  const split = section.findIndex(({ name }) => !name.startsWith(':'))
  const [pseudo, regular] = split === -1 ? [section, []] : [section.slice(0, split), section.slice(split)]
  const wrong = malformedFields(regular)
  if (wrong !== null) return wrong
  // CGI and its heirs would read a second length, or another framing (RFC 3875 §4.1.18).
  if (regular.some(({ name }) => /^(?:content_length|transfer_encoding)$/.test(name))) return 'a field with an alias'
  const parts = pseudoFields(pseudo)
  if (typeof parts === 'string') return parts
  const { method, target, authority } = parts
  const host = hostOf(authority, regular)
  if (host === null) return 'no authority and no Host, or two that differ (RFC 9113 §8.3.1)'
  const length = lengthOf(regular)
  if (typeof length === 'string') return length
  return { method, target, fields: [{ name: 'host', value: host }, ...withOneCookie(regular)] }
}

/** Why these cannot be the trailer fields of a request; null where they can. */
export function malformedTrailers(all: readonly Field[]): string | null {
  const section = all.filter(isSayable)
  return section.some(({ name }) => name.startsWith(':')) ? 'a pseudo field in a trailer' : malformedFields(section)
}

/** RFC 9113 §8.2.1 has the request refused for a field that HTTP cannot say. nghttp2 leaves the field out instead, unless it is a
 *  pseudo field or in upper case, and tells nobody: then it must be gone from what arrives. */
function isSayable({ name, value }: Field): boolean {
  if (name.startsWith(':') || /[A-Z]/.test(name)) return true
  // For HTTP/2 alone, a Host of other characters than an authority has is such a field, too.
  if (name === 'host' && !/^[\w!$%&'()*+,\-.:;=@[\]~]*$/.test(value)) return false
  return isToken(name) && !/[\0-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$/.test(value)
}

/** RFC 9113 §8.2.2. */
const ofHttp1: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

function malformedFields(fields: readonly Field[]): string | null {
  for (const { name, value } of fields) {
    if (name.startsWith(':')) return 'a pseudo field behind others (RFC 9113 §8.3)'
    if (name !== name.toLowerCase()) return `the field name ${JSON.stringify(name)} (RFC 9113 §8.2.1)`
    if (ofHttp1.has(name)) return `the field ${name} (RFC 9113 §8.2.2)`
    if (name === 'te' && value.toLowerCase() !== 'trailers') return 'a TE other than trailers (RFC 9113 §8.2.2)'
  }
  return null
}

interface Parts {
  readonly method: string
  readonly target: string
  readonly authority: string | null
}

/** RFC 9113 §8.3.1: each once, none unknown. */
function pseudoFields(fields: readonly Field[]): Parts | string {
  const seen = new Map<string, string>()
  for (const { name, value } of fields) {
    if (!/^:(?:method|scheme|path|authority)$/.test(name)) return `the pseudo field ${name}`
    if (seen.has(name)) return `${name} twice`
    seen.set(name, value)
  }
  const [method, scheme, target] = [':method', ':scheme', ':path'].map((name) => seen.get(name))
  if (method === undefined || scheme === undefined || target === undefined) return 'a pseudo field is missing'
  if (!isToken(method)) return 'a method that is no token'
  // A tunnel (§8.5), which an edge that judges requests does not give.
  if (method === 'CONNECT') return 'CONNECT'
  if (!/^https?$/i.test(scheme)) return `the scheme ${JSON.stringify(scheme)}`
  if (!/^\/[\x21-\x7e]*$/.test(target) || target.includes('#')) return 'a path that is not in origin form'
  return { method, target, authority: seen.get(':authority') ?? null }
}

/** The value of the one Host that must arrive. */
function hostOf(authority: string | null, fields: readonly Field[]): string | null {
  const hosts = fields.filter(({ name }) => name === 'host').map(({ value }) => value)
  const all = authority === null ? hosts : [authority, ...hosts]
  const [first] = all
  if (first === undefined || hosts.length > 1 || !all.every((one) => one.toLowerCase() === first.toLowerCase()))
    return null
  // RFC 9113 §8.3.1 forbids userinfo; the rest is RFC 3986 §3.2.2.
  return /^[\x21-\x7e]+$/.test(first) && !/[@/?#\\"<>^`{|}]/.test(first) ? first : null
}

/** What a request says of the length of its body; null where it says nothing. */
export function lengthOf(all: readonly Field[]): number | null | string {
  const fields = all.filter(isSayable)
  const [length, ...more] = fields.filter(({ name }) => name === 'content-length').map(({ value }) => value)
  if (length === undefined) return null
  const bytes = Number(length)
  if (more.length > 0) return 'two lengths'
  return /^[0-9]+$/.test(length) && Number.isSafeInteger(bytes) ? bytes : 'a length that is no number'
}

/** RFC 9113 §8.2.3: the crumbs of a cookie become one field, in their order. */
function withOneCookie(fields: readonly Field[]): Field[] {
  const crumbs = fields.filter(({ name }) => name === 'cookie').map(({ value }) => value)
  const others = fields.filter(({ name }) => name !== 'host' && name !== 'cookie')
  return crumbs.length === 0 ? others : [...others, { name: 'cookie', value: withoutOws(crumbs.join('; ')) }]
}
