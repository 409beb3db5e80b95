import type { Argument, BodyProcessor } from './body.ts'
import { refusesCharset } from './charset.ts'
import { hexValue } from './hex.ts'
import { parsedBody } from './parsed-body.ts'

/** What a form or a query string holds. */
export interface Pairs {
  readonly args: Argument[]
  /** A `%` without two hexadecimal digits stood in a name or value: `URLENCODED_ERROR`. */
  readonly invalidEscape: boolean
  /** There were more than the maximum; the rest is not in `args`. */
  readonly overBound: boolean
}

/** Reads `name=value` pairs as ModSecurity does: `+` is a space, `%XX` a byte (NUL too), invalid escapes stay as they are, the
 *  first `=` parts name from value, and a pair without one has an empty value. Empty names are kept; a pair of no bytes at
 *  all (`a&&b`) is none. Reads at most `valuesMax` pairs. Linear time. */
export function readPairs(text: string, separator: string, valuesMax: number): Pairs {
  const args: Argument[] = []
  const seen = { invalidEscape: false }
  let overBound = false
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(separator, start)
    const end = found < 0 || separator === '' ? text.length : found
    if (end > start) {
      overBound = args.length >= valuesMax
      if (overBound) break
      const pair = text.slice(start, end)
      const equals = pair.indexOf('=')
      const name = decode(equals < 0 ? pair : pair.slice(0, equals), seen)
      args.push({ name, value: equals < 0 ? '' : decode(pair.slice(equals + 1), seen) })
    }
    start = end + 1
  }
  return { args, invalidEscape: seen.invalidEscape, overBound }
}

/** The pairs of a query string, `valuesMax` of them at most; `separator` is `SecArgumentSeparator`. */
export function parsePairs(text: string, valuesMax: number = Number.POSITIVE_INFINITY, separator = '&'): Argument[] {
  return readPairs(text, separator, valuesMax).args
}

/** `application/x-www-form-urlencoded`. An error only where the values exceed their maximum or the charset hides text: an invalid
 *  escape is read literally, as every server reads it (ModSecurity reports it through `URLENCODED_ERROR`, see `readPairs`). */
export const urlencoded: BodyProcessor = (body, contentType, bounds, isCut = false) => {
  const { args, overBound } = readPairs(isCut ? withoutCutEscape(body) : body, '&', bounds.valuesMax)
  if (overBound) {
    const error = `URLENCODED parsing error: more than ${bounds.valuesMax} arguments`
    return parsedBody({ args, error, overBound })
  }
  const refused = body !== '' && refusesCharset(contentType)
  return parsedBody({ args, error: refused ? 'URLENCODED parsing error: charset is not a superset of ASCII' : null })
}

/** Without a `%` at the end that may have had its digits behind the cut. */
export function withoutCutEscape(text: string): string {
  const at = text.indexOf('%', Math.max(text.length - 2, 0))
  if (at === -1) return text
  const digitsFit = at === text.length - 1 || hexValue(text.charCodeAt(at + 1)) >= 0
  return digitsFit ? text.slice(0, at) : text
}

/** Bytes, not string concatenation: a megabyte of escapes would build a rope of as many nodes. */
function decode(text: string, seen: { invalidEscape: boolean }): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const out = Buffer.allocUnsafe(text.length)
  let length = 0
  let changed = false
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at)
    if (code === 0x2b) {
      code = 0x20
      changed = true
    } else if (code === 0x25) {
      const high = hexValue(text.charCodeAt(at + 1))
      const low = hexValue(text.charCodeAt(at + 2))
      if (high < 0 || low < 0) {
        seen.invalidEscape = true
      } else {
        code = (high << 4) | low
        at += 2
        changed = true
      }
    }
    out[length] = code
    length += 1
  }
  return changed ? out.toString('latin1', 0, length) : text
}
