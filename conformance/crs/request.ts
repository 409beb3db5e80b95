/** A lenient reader of one HTTP/1 request: bytes to method, target, protocol, headers and body.
 *
 *  Tests send broken requests on purpose and ask what the rules say of them, so this reader refuses nothing; an edge would.
 *  Where it must choose, it does as RFC 9112 tells a server to. */

export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly protocol: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** `METHOD target PROTOCOL`; the target may hold spaces, a missing protocol is ''. */
function readRequestLine(line: string): { method: string; target: string; protocol: string } {
  const first = line.indexOf(' ')
  if (first === -1) return { method: line, target: '', protocol: '' }
  const last = line.lastIndexOf(' ')
  const method = line.slice(0, first)
  if (last === first) return { method, target: line.slice(first + 1), protocol: '' }
  return { method, target: line.slice(first + 1, last), protocol: line.slice(last + 1) }
}

function trimBlanks(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && (value[start] === ' ' || value[start] === '\t')) start++
  while (end > start && (value[end - 1] === ' ' || value[end - 1] === '\t')) end--
  return value.slice(start, end)
}

/** A folded line continues the one before, joined by one space (RFC 9112 §5.2). */
function readHeaders(lines: readonly string[]): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = []
  for (const line of lines) {
    const before = headers.at(-1)
    if (before !== undefined && (line.startsWith(' ') || line.startsWith('\t'))) {
      headers[headers.length - 1] = [before[0], `${before[1]} ${trimBlanks(line)}`]
      continue
    }
    const colon = line.indexOf(':')
    if (colon === -1) headers.push([line, ''])
    else headers.push([line.slice(0, colon), trimBlanks(line.slice(colon + 1))])
  }
  return headers
}

/** RFC 9112 §7.1; a broken chunk ends the body there. */
function readChunked(bytes: string): string {
  const chunks: string[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf('\n', at)
    const size = end === -1 ? Number.NaN : Number.parseInt(bytes.slice(at, end), 16)
    if (!(size > 0)) return chunks.join('')
    chunks.push(bytes.slice(end + 1, end + 1 + size))
    at = end + 1 + size
    if (bytes[at] === '\r') at++
    if (bytes[at] === '\n') at++
  }
}

/** Takes `bytes` (latin1) as one request; never throws. */
export function readRequest(bytes: string): RawRequest {
  const lines: string[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf('\n', at)
    const line = (end === -1 ? bytes.slice(at) : bytes.slice(at, end)).replace(/\r$/, '')
    at = end === -1 ? bytes.length : end + 1
    if (line === '' || end === -1) {
      if (line !== '') lines.push(line)
      break
    }
    lines.push(line)
  }
  const [requestLine = '', ...headerLines] = lines
  const rest = bytes.slice(at)
  const headers = readHeaders(headerLines)
  const line = readRequestLine(requestLine)
  const header = (lowerName: string) => headers.find(([name]) => name.toLowerCase() === lowerName)?.[1]
  if (header('transfer-encoding')?.toLowerCase().endsWith('chunked') === true) {
    // Transfer-Encoding overrides Content-Length, which is then taken out before anyone acts on it (RFC 9112 §6.1, §6.3).
    const kept = headers.filter(([name]) => name.toLowerCase() !== 'content-length')
    return { ...line, headers: kept, body: readChunked(rest) }
  }
  const length = header('content-length') ?? ''
  // Without a length a request has no body (RFC 9112 §6.3).
  return { ...line, headers, body: /^\d+$/.test(length) ? rest.slice(0, Number(length)) : '' }
}
