import { blanks, endOfRun, token } from './runs.ts'

/** What the Content-Disposition of one part says. Where `error` is set, the fields hold what was read before it. */
export interface Disposition {
  readonly name: string | null
  readonly fileName: string | null
  /** A quote or a backslash that parsers read differently: `MULTIPART_INVALID_QUOTING`. */
  readonly invalidQuoting: boolean
  readonly error: string | null
}

const plainValue = /[^\x00-\x20\x7f-\xff()<>@,;:\\"/[\]?=]+/y

type Found = { name: string | null; fileName: string | null; extended: string | null; invalidQuoting: boolean }

/** Reads `form-data; name="…"; filename="…"` as strictly as ModSecurity. Refused, because parsers differ on each: other dispositions
 *  (RFC 7578 §4.2), other parameters or spellings of these, duplicates, `filename*0=` (RFC 2231), a quoted value without an
 *  end. `filename*=` (RFC 5987), which RFC 7578 forbids and .NET sends, is accepted where it says the same bytes as `filename`. */
export function readDisposition(header: string): Disposition {
  const found: Found = { name: null, fileName: null, extended: null, invalidQuoting: false }
  const error = readParameters(header, found) ?? problemOf(found)
  return { name: found.name, fileName: found.fileName, invalidQuoting: found.invalidQuoting, error }
}

const formData = 'form-data'

function readParameters(header: string, found: Found): string | null {
  if (!header.startsWith(formData)) return 'Content-Disposition is not form-data'
  let at = endOfRun(blanks, header, formData.length)
  while (at < header.length) {
    if (header[at] !== ';') {
      found.invalidQuoting ||= header[at - 1] === '"' // `name="a"b"`: the quote did not end the value
      return 'Content-Disposition lacks a semicolon'
    }
    at = endOfRun(blanks, header, at + 1)
    if (at === header.length) break
    const start = at
    at = endOfRun(token, header, start)
    const name = header.slice(start, at)
    at = endOfRun(blanks, header, at)
    if (name === '' || header[at] !== '=') return 'malformed parameter in Content-Disposition'
    at = readValue(header, endOfRun(blanks, header, at + 1), name, found)
    if (at < 0) return 'malformed, unknown or repeated parameter in Content-Disposition'
    at = endOfRun(blanks, header, at)
  }
  return null
}

function problemOf(found: Found): string | null {
  if (found.name === null || found.name === '') return 'Content-Disposition without a name'
  return found.extended === null || decodeExtended(found.extended) === found.fileName
    ? null
    : 'filename* that differs from filename'
}

/** Reads the value at `from` into its field; returns the index after it, or -1. */
function readValue(header: string, from: number, name: string, found: Found): number {
  let value: string
  let end: number
  if (header[from] === '"') {
    const parts: string[] = []
    end = readQuoted(header, from + 1, parts)
    if (end < 0) return -1
    value = parts.join('')
    // RFC 9110 drops the backslash before any character, browsers and PHP keep most of them: no two readings agree.
    if (header.slice(from, end).includes('\\')) found.invalidQuoting = true
  } else {
    end = endOfRun(plainValue, header, from)
    if (name === 'filename*') end = header.startsWith(';', end) ? end : header.length
    value = header.slice(from, end)
    if (value === '') return -1
  }
  // Some servers take an apostrophe for a quote, and some decode words of RFC 2047 (`=?utf-8?Q?x.php?=`).
  if (name !== 'filename*' && /'|=\?/.test(value)) found.invalidQuoting = true
  const field = name === 'filename' ? 'fileName' : name === 'filename*' ? 'extended' : name === 'name' ? 'name' : null
  if (field === null || found[field] !== null) return -1
  found[field] = value
  return end
}

/** Reads up to the closing quote; only a quote and a backslash are unescaped, as ModSecurity does. Returns the index after it, or -1. */
function readQuoted(header: string, from: number, parts: string[]): number {
  let start = from
  for (let at = from; at < header.length; at += 1) {
    const character = header[at]
    if (character === '"') {
      parts.push(header.slice(start, at))
      return at + 1
    }
    const next = header[at + 1]
    if (character !== '\\' || (next !== '"' && next !== '\\')) continue
    parts.push(header.slice(start, at))
    start = at + 1
    at += 1
  }
  return -1
}

/** The bytes of an RFC 5987 §3.2 value in UTF-8; null for another charset or a bad escape. */
function decodeExtended(value: string): string | null {
  const match = /^utf-8'[A-Za-z0-9-]*'([^']*)$/i.exec(value)
  const text = match?.[1]
  if (text === undefined || /%(?![0-9A-Fa-f]{2})/.test(text)) return null
  return text.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}
