import type { Argument, BodyBounds, BodyProcessor, UploadedFile } from './body.ts'
import { readBoundary } from './boundary.ts'
import { refusesCharset } from './charset.ts'
import { type Delimiter, nextDelimiter } from './delimiter.ts'
import { type FlagsInProgress, noFlags } from './multipart-flags.ts'
import { parsedBody } from './parsed-body.ts'
import { charsetFieldProblem, type LineEnds, readPartHeaders } from './part-headers.ts'

/** `multipart/form-data` (RFC 7578), so that no other parser reads different parts: what parsers are known to disagree on is read
 *  in one way and reported, by a flag that ModSecurity's reference names or by `error`; rules 200002 to 200004 refuse both.
 *  Parts with a file name are files, the others arguments. After an error reading goes on where it can: rules shall see the
 *  rest. Linear time. */
export const multipart: BodyProcessor = (text, contentType, bounds, isCut = false) => {
  const parameter = readBoundary(contentType)
  const body = isCut ? withoutCutDelimiter(text, parameter.boundary ?? '') : text
  const found = { args: [], files: [], partHeaders: [], flags: noFlags(), error: null, overBound: false }
  const reading: Reading = { body, bounds, isCut, ...found }
  const { flags } = reading
  flags.boundaryQuoted = parameter.quoted
  flags.boundaryWhitespace = parameter.whitespace
  flags.missingSemicolon = parameter.missingSemicolon
  if (parameter.boundary === null) fail(reading, parameter.error ?? 'no boundary')
  else if (body !== '') readParts(reading, parameter.boundary)
  if (refusesCharset(contentType)) fail(reading, 'charset is not a superset of ASCII')
  const { args, files, partHeaders, error, overBound } = reading
  return parsedBody({ args, files, partHeaders, multipart: flags, error, overBound })
}

/** Without a last line that may be a delimiter, or the beginning of one, whose end is behind the cut. */
function withoutCutDelimiter(text: string, boundary: string): string {
  const at = text.lastIndexOf('\n') + 1
  const line = text.slice(at, at + boundary.length + '--'.length + '--\r'.length)
  const delimiter = `--${boundary}`
  const isBegun = delimiter.startsWith(line) || ['', '-', '\r', '--\r'].some((rest) => line === delimiter + rest)
  return at + line.length === text.length && isBegun ? text.slice(0, at) : text
}

interface Reading {
  readonly body: string
  readonly isCut: boolean
  readonly bounds: BodyBounds
  readonly args: Argument[]
  readonly files: UploadedFile[]
  readonly partHeaders: Argument[]
  readonly flags: FlagsInProgress
  error: string | null
  overBound: boolean
}

/** Keeps the first error, in the words of ModSecurity's log. */
function fail(reading: Reading, message: string): void {
  reading.error ??= `Multipart parsing error: Multipart: ${message}.`
}

function readParts(reading: Reading, boundary: string): void {
  const { body, bounds, flags, isCut } = reading
  const notes = { unmatched: false, invalid: false }
  const ends = { crlf: false, lf: false }
  let parts = 0
  let current = nextDelimiter(body, 0, boundary, notes)
  if (current === null && !(isCut && body === '')) fail(reading, 'No boundaries found in payload')
  flags.dataBefore = current !== null && current.start > 0
  while (current !== null && !current.final) {
    parts += 1
    if (parts > bounds.partsMax) {
      flags.fileLimitExceeded = true
      reading.overBound = true
      fail(reading, `more than ${bounds.partsMax} parts`)
      break
    }
    noteEnd(current, ends)
    const next: Delimiter | null = nextDelimiter(body, current.end, boundary, notes)
    if (next === null && !isCut) fail(reading, 'Final boundary missing')
    // Of a part whose headers are cut it is not known what it is; its bytes are in REQUEST_BODY.
    if (next === null && isCut && !hasWholeHeaders(body, current.end)) break
    if (!readPart(reading, body.slice(current.end, next?.start), ends)) break
    current = next
  }
  if (current?.final === true) {
    noteEnd(current, ends)
    flags.dataAfter = current.end < body.length
  }
  if (notes.invalid) fail(reading, 'Invalid boundary')
  flags.unmatchedBoundary = notes.unmatched
  flags.lfLine = ends.lf
  flags.crlfLfLines = ends.lf && ends.crlf
}

/** Whether an empty line stands behind the headers that begin there. */
function hasWholeHeaders(body: string, from: number): boolean {
  if (body.startsWith('\r\n', from) || body.startsWith('\n', from)) return true
  return body.indexOf('\n\r\n', from) >= 0 || body.indexOf('\n\n', from) >= 0
}

function noteEnd(delimiter: Delimiter, ends: LineEnds): void {
  if (delimiter.lineEnd !== 'none') ends[delimiter.lineEnd] = true
}

/** Takes one part, `text` being all between two delimiters; false where the values exceed their maximum. */
function readPart(reading: Reading, text: string, ends: LineEnds): boolean {
  const { args, files, partHeaders, flags, bounds } = reading
  const { lines, disposition, contentStart, error } = readPartHeaders(text, flags, ends)
  if (error !== null) fail(reading, error)
  const name = disposition?.name ?? ''
  if (name === '') flags.invalidPart = true
  if (disposition?.invalidQuoting === true) flags.invalidQuoting = true
  const values = args.length + files.length + partHeaders.length + lines.length
  if (values >= bounds.valuesMax) {
    reading.overBound = true
    fail(reading, `more than ${bounds.valuesMax} values`)
    return false
  }
  for (const line of lines) partHeaders.push({ name, value: line })
  const content = withoutLineEnd(text, contentStart, ends)
  const fileName = disposition?.fileName ?? ''
  // An empty file name (a browser's file input left empty) is no file: its bytes, if any, are inspected as a value.
  if (fileName !== '') files.push({ field: name, fileName, size: content.length, content })
  else args.push({ name, value: content })
  const problem = name === '_charset_' ? charsetFieldProblem(content) : null
  if (problem !== null) fail(reading, problem)
  return true
}

/** The content, without the line end that belongs to the delimiter after it. One of LF alone counts as such a line: strict parsers
 *  see no delimiter after it, so that what is a part here would be text there. */
function withoutLineEnd(text: string, start: number, ends: LineEnds): string {
  let end = text.length
  if (end > start && text.charCodeAt(end - 1) === 0x0a) {
    end -= 1
    if (end > start && text.charCodeAt(end - 1) === 0x0d) end -= 1
    else ends.lf = true
  }
  return text.slice(start, end)
}
