/** The request target, in one reading. A path that the servers behind us could read in another way than the policy and the rules
 *  did (CVE-2025-29914, CWE-436) is refused; nothing is repaired, so that what is forwarded is what was judged, byte for byte. */

/** What a target says, as it is judged and forwarded. */
export interface Target {
  /** Origin form (RFC 9112 §3.2.1), or `*`. */
  readonly target: string
  /** The target up to its `?`. */
  readonly path: string
}

/** Reads a target of any form; null for one that has no reading, or more than one. `host` is the request's Host. */
export function readTarget(method: string, sent: string, host: string | null): Target | null {
  // `*` is the server itself, and OPTIONS alone may ask for it (RFC 9112 §3.2.4).
  if (sent === '*') return method === 'OPTIONS' ? { target: sent, path: sent } : null
  if (!isVisible(sent)) return null
  // A fragment is never sent (RFC 9112 §3.2): to one server it is a part of the path, to the next it is none.
  if (sent.includes('#')) return null
  const target = originForm(sent, host)
  if (target === null) return null
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  return isAmbiguous(path) ? null : { target, path }
}

/** Whether all of it is visible ASCII, as of a URI (RFC 3986 §2). In HTTP/1.1 the parser sees to that; of HTTP/2 nghttp2 lets bytes over ASCII
 *  pass, which stand in no request line. */
function isVisible(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code <= 0x20 || code >= 0x7f) return false
  }
  return true
}

/** A path as a server sees it that decodes it and cuts path parameters off (`/a%62c;v=1` is `/abc`). Where another upstream would
 *  be found for this reading than for the one sent, there are two. */
export function decodedReading(path: string): string {
  if (!path.includes('%') && !path.includes(';')) return path
  return (decodeOnce(path) ?? path)
    .split('/')
    .map((segment) => beforeParameters(segment))
    .join('/')
}

/** An absolute target is meant for a proxy, yet every server must take it (RFC 9112 §3.2.2). Its authority would override Host at
 *  the next server, so both must be the same; then it is forwarded as its path. */
function originForm(sent: string, host: string | null): string | null {
  if (sent.startsWith('/')) return sent
  const scheme = ['http://', 'https://'].find((prefix) => sent.slice(0, prefix.length).toLowerCase() === prefix)
  if (scheme === undefined || host === null) return null
  const rest = sent.slice(scheme.length)
  const end = rest.search(/[/?]/)
  const authority = end === -1 ? rest : rest.slice(0, end)
  if (authority.toLowerCase() !== host.toLowerCase()) return null
  const origin = end === -1 ? '/' : rest.slice(end)
  // An empty path is `/` (RFC 9112 §3.2.1).
  return origin.startsWith('?') ? `/${origin}` : origin
}

/** Whether two servers could find different resources behind a path, even without looking at its meaning. */
function isAmbiguous(path: string): boolean {
  const decoded = decodeOnce(path)
  // `%`, `%4`, `%zz`: passed on, dropped or refused (RFC 3986 §2.1 has no such thing).
  if (decoded === null) return true
  // A path ends at NUL for whoever hands it to C; `\` is `/` to Windows and to URL parsers of browsers (WHATWG URL §4.4).
  if (decoded.includes('\0') || decoded.includes('\\')) return true
  if (hasOverlong(decoded)) return true
  return decoded.split('/').some((segment, at, all) => {
    if (at === 0) return false
    const name = beforeParameters(segment)
    // Dot segments are removed before the request by some, after decoding by others, never by the rest (RFC 3986 §5.2.4);
    // `..;` is `..` to servlet containers.
    if (name === '.' || name === '..') return true
    // `//` is one `/` to many; only a path's end may be empty.
    return name === '' && (at < all.length - 1 || segment !== '')
  })
}

function beforeParameters(segment: string): string {
  const at = segment.indexOf(';')
  return at === -1 ? segment : segment.slice(0, at)
}

const hexDigits = 2

/** Percent-decodes once; null where an escape is none. */
function decodeOnce(text: string): string | null {
  let at = text.indexOf('%')
  if (at === -1) return text
  let decoded = ''
  let from = 0
  for (; at !== -1; at = text.indexOf('%', from)) {
    const digits = text.slice(at + 1, at + 1 + hexDigits)
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return null
    decoded += text.slice(from, at) + String.fromCharCode(Number.parseInt(digits, 0x10))
    from = at + 1 + hexDigits
  }
  return decoded + text.slice(from)
}

/** Overlong UTF-8 (`%c0%af` for `/`), which RFC 3629 §3 forbids and lax decoders read. A lead byte tells by itself, or with the byte
 *  behind it. */
function hasOverlong(bytes: string): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const [lead, next] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1)]
    if (lead === 0xc0 || lead === 0xc1) return true
    if (lead === 0xe0 && next >= 0x80 && next < 0xa0) return true
    if (lead === 0xf0 && next >= 0x80 && next < 0x90) return true
  }
  return false
}
