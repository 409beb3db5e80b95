import { scriptSchemeBytesMax } from '../../bounds.ts'

/** Schemes that make a URL run code or show a document of the attacker's, in browsers of today or of old. */
const schemes: ReadonlySet<string> = new Set([
  'data',
  'javascript',
  'jscript',
  'livescript',
  'mocha',
  'vbscript',
  'view-source',
])

/** Named references that browsers read inside a scheme; the numeric ones are decoded by rule. */
const named: readonly (readonly [string, number])[] = [
  ['&colon;', 0x3a],
  ['&tab;', 0x09],
  ['&newline;', 0x0a],
]

/** A character and where the next one begins. */
interface Decoded {
  code: number
  next: number
}

function digitValue(code: number, base: 10 | 16): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return base === 16 && lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Reads one character at `at` into `into`, a character reference as what it stands for (HTML standard §13.2.5.72), its semicolon
 *  being optional. A number too large to matter stays at a value that is no letter. */
function decodeAt(text: string, at: number, into: Decoded): void {
  into.code = text.charCodeAt(at)
  into.next = at + 1
  if (into.code !== 0x26) return
  if (text.charCodeAt(at + 1) !== 0x23) {
    for (const [reference, code] of named) {
      if (text.slice(at, at + reference.length).toLowerCase() !== reference) continue
      into.code = code
      into.next = at + reference.length
    }
    return
  }
  const base = (text.charCodeAt(at + 2) | 0x20) === 0x78 ? 16 : 10
  const first = at + (base === 16 ? 3 : 2)
  let end = first
  let number = 0
  for (
    let digit = digitValue(text.charCodeAt(end), base);
    digit >= 0;
    digit = digitValue(text.charCodeAt(++end), base)
  ) {
    number = Math.min(number * base + digit, 0xffff)
  }
  if (end === first) return
  into.code = number
  into.next = text.charCodeAt(end) === 0x3b ? end + 1 : end
}

/** Bytes that browsers skip: before a URL all up to space, and inside it tab, line feed and carriage return (URL standard §4.4). Before
 *  it, bytes over 0x7e too (white space in some encoding), and NUL anywhere, as old browsers did. */
function isSkipped(code: number, leading: boolean): boolean {
  if (leading) return code <= 0x20 || code >= 0x7f
  return code === 0 || code === 0x09 || code === 0x0a || code === 0x0d
}

/** True if a browser would run `text` as a script URL: `java&#x73;cript:` and such included. Reads each byte once at most, and stops
 *  at the first that cannot belong to a scheme. */
export function isScriptUrl(text: string): boolean {
  const character: Decoded = { code: 0, next: 0 }
  let scheme = ''
  for (let at = 0; at < text.length; at = character.next) {
    decodeAt(text, at, character)
    const { code } = character
    if (isSkipped(code, scheme === '')) continue
    if (code === 0x3a) return schemes.has(scheme)
    const lower = code | 0x20
    if ((lower < 0x61 || lower > 0x7a) && code !== 0x2d) return false
    if (scheme.length === scriptSchemeBytesMax) return false
    scheme += code === 0x2d ? '-' : String.fromCharCode(lower)
  }
  return false
}
