/** Fields that belong to one connection and must not be forwarded (RFC 9110 §7.6.1). A name is known by table: names repeat.
 *  Trailer fields are left out both ways, as RFC 9110 §6.5.1 lets any recipient do: no rule has read them. */
import { isReserved } from './reserved-fields.ts'

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Fields that say what a message is, which `Connection` may not take away: naming them there is an attack (CVE-2024-45410). */
const endToEnd: ReadonlySet<string> = new Set(['authorization', 'content-length', 'content-type', 'cookie', 'host'])

/** The request fields to forward, in order, as sent, then those that the edge sets (`own`): they come last, so that `Connection`
 *  cannot take them away (CVE-2024-45410). `Expect` is answered by the edge itself (RFC 9110 §10.1.1). */
export function forwardedRequestHeaders(raw: readonly string[], own: readonly string[] = []): string[] {
  const kept = withoutHopByHop(raw, isEdges)
  kept.push(...own)
  return kept
}

/** The same, asking for an answer that can be read as it comes: the client's own wish for codings (RFC 9110 §12.5.3) is replaced. */
export function forwardedUncodedHeaders(raw: readonly string[], own: readonly string[]): string[] {
  const kept = withoutHopByHop(raw, (name) => name === 'accept-encoding' || isEdges(name))
  kept.push('Accept-Encoding', 'identity', ...own)
  return kept
}

function isEdges(name: string): boolean {
  return name === 'expect' || isReserved(name)
}

/** The answer's fields to pass on, in order, as sent. */
export function forwardedAnswerHeaders(raw: readonly string[]): string[] {
  return withoutHopByHop(raw, () => false)
}

/** The first value of a field, or null; `name` in lower case. */
export function fieldOf(raw: readonly string[], name: string): string | null {
  for (let i = 0; i + 1 < raw.length; i += 2) if (raw[i]?.toLowerCase() === name) return raw[i + 1] ?? null
  return null
}

/** All values of a field that is a list, as one (RFC 9110 §5.3); null where there is none. `name` in lower case. */
export function listOf(raw: readonly string[], name: string): string | null {
  let list: string | null = null
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.toLowerCase() === name) list = list === null ? (raw[i + 1] ?? '') : `${list},${raw[i + 1] ?? ''}`
  }
  return list
}

/** How many fields have this name; `name` in lower case. */
export function countOf(raw: readonly string[], name: string): number {
  let count = 0
  for (let i = 0; i < raw.length; i += 2) if (raw[i]?.toLowerCase() === name) count++
  return count
}

function withoutHopByHop(raw: readonly string[], drop: (name: string) => boolean): string[] {
  const named = connectionOptions(raw)
  const kept: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? ''
    const lower = name.toLowerCase()
    if (hopByHop.has(lower) || drop(lower) || (named?.has(lower) === true && !endToEnd.has(lower))) continue
    kept.push(name, raw[i + 1] ?? '')
  }
  return kept
}

/** What `Connection` says, in lower case: further fields that are for this connection alone, `close`, `keep-alive`. Null where there
 *  is no such field. */
export function connectionOptions(raw: readonly string[]): ReadonlySet<string> | null {
  let named: Set<string> | null = null
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.toLowerCase() !== 'connection') continue
    named ??= new Set()
    for (const option of (raw[i + 1] ?? '').split(',')) named.add(withoutBlanks(option).toLowerCase())
  }
  return named
}

/** White space as HTTP has it (RFC 9110 §5.6.3): to `trim`, the byte 0xa0 would be some too. */
function withoutBlanks(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && isBlank(text, from)) from++
  while (from < to && isBlank(text, to - 1)) to--
  return text.slice(from, to)
}

function isBlank(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t'
}
