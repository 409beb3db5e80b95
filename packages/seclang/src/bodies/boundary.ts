import { multipartBoundaryBytesMax, multipartContentTypeBytesMax } from '../bounds.ts'
import { blanks, endOfRun, token } from './runs.ts'

/** What a Content-Type of `multipart/form-data` says about the boundary; `boundary` is null exactly where `error` says why. */
export interface BoundaryParameter {
  readonly boundary: string | null
  readonly quoted: boolean
  readonly whitespace: boolean
  readonly missingSemicolon: boolean
  readonly error: string | null
}

const type = 'multipart/form-data'

/** Reads the boundary so that no other parser can read a different one. Refused: a second `boundary`, RFC 2231 forms (`boundary*0=`),
 *  other parameters than `charset`, another case of the name, escapes, over 70 bytes or bytes that RFC 2046 §5.1.1 does not
 *  have. A comma or space without quotes, where PHP ends the boundary and others go on, is refused as well. */
export function readBoundary(contentType: string): BoundaryParameter {
  const found = { boundary: null as string | null, quoted: false, whitespace: false, missingSemicolon: false }
  const error = readParameters(contentType, found)
  return { ...found, boundary: error === null ? found.boundary : null, error }
}

type Found = { boundary: string | null; quoted: boolean; whitespace: boolean; missingSemicolon: boolean }

const quotedText = /"([^"\\]*)"/y
const plainText = /[^\t ;"]+/y

function readParameters(contentType: string, found: Found): string | null {
  if (contentType.length > multipartContentTypeBytesMax) return 'Content-Type is too long'
  if (/[^\t\x20-\x7e]/.test(contentType)) return 'Content-Type has bytes outside of ASCII text'
  if (!contentType.toLowerCase().startsWith(type)) return 'Content-Type is not multipart/form-data'
  let at = type.length
  while (at < contentType.length) {
    const start = at
    at = endOfRun(blanks, contentType, at)
    if (contentType[at] === ';') {
      at = endOfRun(blanks, contentType, at + 1)
    } else if (at < contentType.length) {
      // Some parsers go by the word alone, so ModSecurity names the missing semicolon instead of ignoring the parameter.
      if (start !== type.length) return 'malformed Content-Type'
      found.missingSemicolon = true
    }
    if (at === contentType.length) break
    const end = readParameter(contentType, at, found)
    if (typeof end === 'string') return end
    at = end
  }
  return found.boundary === null ? 'no boundary in Content-Type' : null
}

/** Reads `name=value` at `from`; returns the index after it, or what is wrong. */
function readParameter(contentType: string, from: number, found: Found): number | string {
  const afterName = endOfRun(token, contentType, from)
  const name = contentType.slice(from, afterName)
  const equals = endOfRun(blanks, contentType, afterName)
  if (name === '' || contentType[equals] !== '=') return 'malformed Content-Type'
  const start = endOfRun(blanks, contentType, equals + 1)
  const quoted = contentType[start] === '"'
  const end = endOfRun(quoted ? quotedText : plainText, contentType, start)
  if (end === start) return 'malformed parameter value in Content-Type'
  if (name.toLowerCase() === 'charset') return end // judged by its value, for every type alike
  if (name !== 'boundary') return `unexpected parameter in Content-Type`
  if (found.boundary !== null) return 'more than one boundary in Content-Type'
  found.boundary = quoted ? contentType.slice(start + 1, end - 1) : contentType.slice(start, end)
  found.quoted = quoted
  found.whitespace = equals > afterName || start > equals + 1
  return problemOf(found.boundary, quoted) ?? end
}

function problemOf(boundary: string, quoted: boolean): string | null {
  if (boundary === '') return 'empty boundary'
  if (boundary.length > multipartBoundaryBytesMax) return `boundary of more than ${multipartBoundaryBytesMax} bytes`
  if (!/^[0-9A-Za-z'()+_,./:=? -]+$/.test(boundary) || boundary.endsWith(' ')) return 'invalid character in boundary'
  if (!quoted && boundary.includes(',')) return 'comma in a boundary without quotes'
  // PHP and others search the header for the word, and could start to read inside of the value.
  return boundary.toLowerCase().includes('boundary=') ? 'boundary that contains a boundary parameter' : null
}
