/** A line that parts a multipart body. */
export interface Delimiter {
  /** Index of its first `-`. */
  readonly start: number
  /** Index after its line end: where the next part's headers begin. */
  readonly end: number
  readonly final: boolean
  /** How the line ends; `none` at the end of the body, where only a final one may stand. */
  readonly lineEnd: 'crlf' | 'lf' | 'none'
}

/** What else was seen on the way to a delimiter. */
export interface DelimiterNotes {
  /** Boundary-like text that parts nothing, `MULTIPART_UNMATCHED_BOUNDARY`: inside of a line, or after blanks or a quote. */
  unmatched: boolean
  /** A delimiter with more than a line end after it, where some parsers see the end of a part and others do not. */
  invalid: boolean
}

/** Finds the first delimiter (RFC 2046 §5.1.1) at or after `from`; null where there is none. It stands alone on its line. Lines that
 *  begin with two dashes for reasons of their own (PEM files, signatures of mails) are content: ModSecurity 3 lets them pass
 *  too. Linear: each occurrence of the boundary costs its own length. */
export function nextDelimiter(body: string, from: number, boundary: string, notes: DelimiterNotes): Delimiter | null {
  for (let found = body.indexOf(boundary, from); found >= 0; found = body.indexOf(boundary, found + 1)) {
    const start = found - 2
    if (start >= from && body.startsWith('--', start) && startsLine(body, start)) {
      const delimiter = delimiterAt(body, start, found + boundary.length)
      if (delimiter !== null) return delimiter
      notes.invalid = true
    } else if (looksLikeDelimiter(body, from, found)) {
      notes.unmatched = true
    }
  }
  return null
}

function startsLine(body: string, at: number): boolean {
  return at === 0 || body.charCodeAt(at - 1) === 0x0a
}

function delimiterAt(body: string, start: number, afterBoundary: number): Delimiter | null {
  const final = body.startsWith('--', afterBoundary)
  const at = final ? afterBoundary + 2 : afterBoundary
  if (body.startsWith('\r\n', at)) return { start, end: at + 2, final, lineEnd: 'crlf' }
  if (body.charCodeAt(at) === 0x0a) return { start, end: at + 1, final, lineEnd: 'lf' }
  return final && at === body.length ? { start, end: at, final, lineEnd: 'none' } : null
}

/** True if two dashes stand before the boundary text at `found`, with nothing but blanks or a quote between them. */
function looksLikeDelimiter(body: string, from: number, found: number): boolean {
  let at = found
  while (at > from && isBlankOrQuote(body.charCodeAt(at - 1))) at -= 1
  return at - 2 >= from && body.startsWith('--', at - 2)
}

function isBlankOrQuote(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x22
}
