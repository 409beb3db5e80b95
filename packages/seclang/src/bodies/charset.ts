/** Supersets of ASCII: what a rule reads in the bytes is what every decoder behind reads. UTF-7 (CVE-2026-21876), UTF-16
 *  and EBCDIC hide text from rules; in Shift_JIS or GBK a quote or backslash can be half of a letter. */
const asciiSupersets: ReadonlySet<string> = new Set([
  'utf-8',
  'utf8',
  'us-ascii',
  'ascii',
  'iso-8859-1',
  'latin1',
  'iso-8859-15',
  'windows-1252',
])

/** True for a character encoding whose bytes below 0x80 are ASCII; `name` in any case, without quotes. */
export function isAsciiSuperset(name: string): boolean {
  return asciiSupersets.has(name.toLowerCase())
}

const word = 'charset'

/** True if a decoder could take a charset other than an ASCII superset from this Content-Type. Looks at every `charset` that an
 *  equals sign follows, wherever it stands: frameworks search for it with expressions of their own, and body parsers decode
 *  JSON as any `utf-…` (RFC 8259 §8.1 knows UTF-8 alone). `charset*` (RFC 2231) counts as refused. Linear time. */
export function refusesCharset(contentType: string): boolean {
  const lower = contentType.toLowerCase()
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) {
    let from = skipBlanks(lower, at + word.length)
    if (lower.charCodeAt(from) === 0x2a) return true // `charset*=`, `charset*0=`
    if (lower.charCodeAt(from) !== 0x3d) continue
    from = skipBlanks(lower, from + 1)
    const value = /[^\x00-\x20"';,]*/y
    value.lastIndex = from
    const name = value.exec(lower)?.[0] ?? ''
    const after = skipBlanks(lower, from + name.length)
    if (!asciiSupersets.has(name) || !isEnd(lower.charCodeAt(after))) return true
  }
  return false
}

/** The index of the next character that is neither white space nor a quote. */
function skipBlanks(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code <= 0x20 || code === 0x22 || code === 0x27; code = text.charCodeAt(at))
    at += 1
  return at
}

function isEnd(code: number): boolean {
  return Number.isNaN(code) || code === 0x3b || code === 0x2c
}
