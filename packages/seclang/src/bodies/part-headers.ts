import { multipartPartHeadersBytesMax } from '../bounds.ts'
import { isAsciiSuperset, refusesCharset } from './charset.ts'
import { type Disposition, readDisposition } from './content-disposition.ts'
import type { FlagsInProgress } from './multipart-flags.ts'

/** The header section of one part. */
export interface PartHeaders {
  /** As sent, without line ends; a folded header is one line (`MULTIPART_PART_HEADERS`). */
  readonly lines: readonly string[]
  readonly disposition: Disposition | null
  /** Index of the first byte of the content. */
  readonly contentStart: number
  /** The first thing that is wrong; what could be read is given all the same, so that rules see it. */
  readonly error: string | null
}

/** Which line ends were seen in headers and delimiters. */
export interface LineEnds {
  crlf: boolean
  lf: boolean
}

/** Reads the header section at the start of `part` (everything between two delimiters) and notes foldings and line ends. */
export function readPartHeaders(part: string, flags: FlagsInProgress, ends: LineEnds): PartHeaders {
  const lines: string[] = []
  let error: string | null = null
  for (let at = 0; at < part.length; ) {
    const lf = part.indexOf('\n', at)
    const next = lf < 0 ? part.length : lf + 1
    if (next > multipartPartHeadersBytesMax) {
      error ??= `part headers of more than ${multipartPartHeadersBytesMax} bytes`
      break
    }
    const crlf = lf > at && part.charCodeAt(lf - 1) === 0x0d
    if (crlf) ends.crlf = true
    else if (lf >= 0) ends.lf = true
    const line = part.slice(at, lf < 0 ? part.length : crlf ? lf - 1 : lf)
    at = next
    if (line === '') return judged(lines, at, error)
    const last = lines.length - 1
    if (!startsFolded(line)) {
      lines.push(line)
    } else {
      flags.headerFolding = true
      flags.invalidHeaderFolding ||= /^[\t ]*[\v\f\r]/.test(line) // PHP folds at any white space
      if (last < 0) error ??= 'Invalid part header (folding error)'
      else lines[last] += line
    }
  }
  flags.invalidPart = true // no empty line: a part without content
  return judged(lines, part.length, error ?? 'Part headers without an end')
}

function startsFolded(line: string): boolean {
  const code = line.charCodeAt(0)
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

/** Checks the lines one by one, and what they say together. */
function judged(lines: readonly string[], contentStart: number, found: string | null): PartHeaders {
  const headers = new Map<string, string>()
  let error = found
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase()
    error ??= problemOf(line, name, colon) ?? (headers.has(name) ? 'Duplicate part header' : null)
    const value = line.slice(colon + 1).replace(/^[\t ]+/, '')
    if (colon > 0 && !headers.has(name)) headers.set(name, value)
  }
  const header = headers.get('content-disposition')
  const disposition = header === undefined ? null : readDisposition(header)
  error ??= disposition === null ? 'Part missing Content-Disposition header' : disposition.error
  error ??= contentProblem(headers.get('content-type') ?? '', headers.get('content-transfer-encoding') ?? '')
  return { lines, disposition, contentStart, error }
}

/** Bytes that end a header or a text in one parser and not in the next; words as ModSecurity has them, since rule tests read them. */
function problemOf(line: string, name: string, colon: number): string | null {
  if (line.includes('\0')) return 'Nul byte in part headers'
  if (colon < 0) return 'Invalid part header (colon missing)'
  if (colon === 0) return 'Invalid part header (header name missing)'
  if (/[^\x21-\x7e]/.test(name) || /[\x01-\x08\x0a-\x1f\x7f]/.test(line)) {
    return 'Invalid part header (contains invalid character)'
  }
  return null
}

/** Ways to write content that some parsers undo (RFC 7578 §4.7: only identity encodings) and others hand on as it is. */
function contentProblem(contentType: string, transferEncoding: string): string | null {
  if (/^multipart\//i.test(contentType)) return 'Part with parts of its own'
  if (!/^(?:|7bit|8bit|binary)[\t ]*$/i.test(transferEncoding)) return 'Part with a transfer encoding'
  return refusesCharset(contentType) ? 'Part whose charset is not a superset of ASCII' : null
}

/** What is wrong with the value of a `_charset_` part (RFC 7578 §4.6): it names the charset that servers decode all fields by. */
export function charsetFieldProblem(value: string): string | null {
  return isAsciiSuperset(value) ? null : 'Default charset is not a superset of ASCII'
}
