import type { Argument } from './body.ts'

/** Splits a Cookie header as ModSecurity 3 does: at each `;`, name and value at the first `=`, nothing decoded, quotes kept (RFC 6265
 *  §5.4 gives them no meaning). White space goes around the name and after the last value; cookies without a name are dropped,
 *  as servers drop them. The header's own bound is the bound here. Linear time. */
export function parseCookies(header: string): Argument[] {
  const cookies: Argument[] = []
  const end = trimEnd(header, 0, header.length)
  for (let start = 0; start < end; ) {
    const found = header.indexOf(';', start)
    const stop = found < 0 || found > end ? end : found
    const pair = header.slice(start, stop)
    const equals = pair.indexOf('=')
    const nameStop = equals < 0 ? pair.length : equals
    const nameEnd = trimEnd(pair, 0, nameStop)
    let nameStart = 0
    while (nameStart < nameEnd && isSpace(pair.charCodeAt(nameStart))) nameStart += 1
    if (nameEnd > nameStart) {
      cookies.push({ name: pair.slice(nameStart, nameEnd), value: equals < 0 ? '' : pair.slice(equals + 1) })
    }
    start = stop + 1
  }
  return cookies
}

function trimEnd(text: string, from: number, to: number): number {
  let end = to
  while (end > from && isSpace(text.charCodeAt(end - 1))) end -= 1
  return end
}

/** White space of C's `isspace`: bytes only, never U+00A0, which is half of a UTF-8 letter here. */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}
