/** A request's line and fields as bytes on the connection (RFC 9112 §3 and §5): what was given, and nothing else but what its framing needs. */
import type { UpstreamRequest } from '../upstream.ts'
import { consistsOf, equalsIgnoringCase, isTargetByte, isTokenByte, isValueByte } from './characters.ts'
import { lengthOf } from './framing.ts'

/** The head, latin1, up to and with the empty line. Throws a `TypeError`, which names no value, for what would not be read as this one request
 *  (CWE-93, CWE-444): whoever asks has checked it all before, and a mistake there must not become a second request.
 *  `authority`: for `Host` where the request has none, as one of HTTP/1.0 may (RFC 9112 §3.2). */
export function requestHead({ method, target, headers, body, upgrade }: UpstreamRequest, authority: string): string {
  if (method === '' || !consistsOf(isTokenByte, method)) throw new TypeError('a method is a token')
  if (target === '' || !consistsOf(isTargetByte, target)) throw new TypeError('a target has no blanks')
  let text = `${method} ${target} HTTP/1.1\r\n`
  let hasHost = false
  let length: string | null = null
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    if (name === '' || !consistsOf(isTokenByte, name)) throw new TypeError('a field name is a token')
    if (!consistsOf(isValueByte, value)) throw new TypeError('a field value has no control characters')
    if (name.length === 'host'.length) {
      if (equalsIgnoringCase(name, 'host')) hasHost = true
    } else if (name.length === 'content-length'.length) {
      if (equalsIgnoringCase(name, 'content-length')) {
        if (length !== null) throw new TypeError('a request has one length')
        length = value
      }
    } else if (name.length === 'transfer-encoding'.length && equalsIgnoringCase(name, 'transfer-encoding'))
      throw new TypeError('the coding of a request is for this connection to choose')
    text += `${name}: ${value}\r\n`
  }
  if (!hasHost) text += `Host: ${authority}\r\n`
  if (typeof upgrade === 'string') text += upgradeFields(upgrade)
  return `${text}${framing(body, length)}\r\n`
}

function upgradeFields(protocol: string): string {
  if (!consistsOf(isValueByte, protocol)) throw new TypeError('a protocol has no control characters')
  return `connection: upgrade\r\nupgrade: ${protocol}\r\n`
}

/** What must be added so that the body's end is known; a length that was given must be the body's (RFC 9112 §6.2). */
function framing(body: UpstreamRequest['body'], given: string | null): string {
  const length = body === null ? 0 : body.length
  if (given !== null) {
    if (length === null || lengthOf(given) !== length)
      throw new TypeError('the length of a request is that of its body')
    return ''
  }
  if (body === null) return ''
  return length === null ? 'transfer-encoding: chunked\r\n' : `content-length: ${length}\r\n`
}
