/** Header sections that two servers could read in two ways (CWE-444): which are refused, and why. Names are compared by table. */

/** Fields of one value (RFC 9110 §5.3). Of two, one server takes the first, the next the last, a third both. */
const singletons: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'transfer-encoding',
  'upgrade',
])

/** Whether a field occurs twice that may occur once. CGI and its heirs read `_` and `-` alike (RFC 3875 §4.1.18): behind the edge
 *  `Content_Length` would be a second length, which nobody here has checked. Other names may have underscores. */
export function hasAmbiguousFields(raw: readonly string[]): boolean {
  const seen = new Set<string>()
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    if (seen.has(name)) return true
    if (singletons.has(name)) seen.add(name)
    else if (name.includes('_') && singletons.has(name.replaceAll('_', '-'))) return true
  }
  return false
}
