/** Strict reading of a field section (RFC 9112 §5): names are tokens, no folding, no control characters, CRLF alone. */
import { lineEnd, type Refusal } from './lines.ts'

export interface Field {
  readonly name: string
  readonly value: string
}

export interface FieldSection {
  readonly fields: readonly Field[]
  /** After the empty line. */
  readonly end: number
}

/** Null: more bytes are needed. */
export function fieldSection(text: string, start: number): FieldSection | Refusal | null {
  const fields: Field[] = []
  let at = start
  for (;;) {
    const end = lineEnd(text, at)
    if (end === null || typeof end === 'object') return end
    if (end === at) return { fields, end: end + 2 }
    const field = fieldOf(text.slice(at, end))
    if (typeof field === 'string') return { refused: field, at }
    fields.push(field)
    at = end + 2
  }
}

/** The field of a line, or why it is none. */
function fieldOf(line: string): Field | string {
  const colon = line.indexOf(':')
  if (line.startsWith(' ') || line.startsWith('\t')) return 'a folded field or a name after a space'
  if (colon === -1) return 'a field without a colon'
  const name = line.slice(0, colon)
  if (!isToken(name)) return 'a field name that is no token'
  const value = withoutOws(line.slice(colon + 1))
  return hasControl(value) ? 'a control character in a field' : { name, value }
}

/** RFC 9110 §5.6.2. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)
}

/** Optional white space is space and tab, nothing else (RFC 9110 §5.6.3). */
export function withoutOws(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isOws(text.charCodeAt(start))) start++
  while (end > start && isOws(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function hasControl(value: string): boolean {
  return /[\0-\x08\x0a-\x1f\x7f]/.test(value)
}
