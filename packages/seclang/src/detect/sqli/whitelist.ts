import type { Shape } from './fingerprint.ts'
import { textOf } from './token.ts'

/** Rules for the very short fingerprints that honest text has too (after libinjection's `is_not_whitelist`): true if it is honest. */
export function isHonest(value: string, shape: Shape): boolean {
  const { fingerprint } = shape
  const isCut = fingerprint.length > 1 && fingerprint.endsWith('c')
  // SQL Server leaves a statement with this word out of its log; nobody else writes it in a comment.
  if (isCut && value.includes('sp_password')) return false
  if (fingerprint.length === 2) return isHonestPair(value, shape)
  if (fingerprint.length === 3) return isHonestTriple(value, shape)
  return false
}

function isHonestPair(value: string, shape: Shape): boolean {
  const { fingerprint, tokens, scanner } = shape
  const [a, b] = tokens as [Shape['tokens'][number], Shape['tokens'][number]]
  // `1 union` may be text; with a comment or arithmetic in it, it is half of an attack split over two parameters.
  if (fingerprint[1] === 'U') return scanner.tokens === 2
  if (fingerprint[1] !== 'c') return false
  const first = value[b.start]
  if (first === '#') return true
  if (fingerprint === 'nc') return first !== '/'
  if (fingerprint === '1c') return first !== '/' && scanner.tokens === 2 && !isNumberThenComment(value, a.length)
  // People write dashes in text; scanners leave nothing after them.
  return first === '-' && b.length > 2
}

/** Text such as `1234-ABCD--` can read as `1c`: only a real number before the comment counts. */
function isNumberThenComment(value: string, end: number): boolean {
  return value.charCodeAt(end) <= 0x20 || value.startsWith('/*', end) || value.startsWith('--', end)
}

const needsMore: ReadonlySet<string> = new Set(['s&n', 'n&1', '1&1', '1&v', '1&s'])

function isHonestTriple(value: string, shape: Shape): boolean {
  const { fingerprint, tokens, scanner } = shape
  const [a, b, c] = tokens as [Shape['tokens'][number], Shape['tokens'][number], Shape['tokens'][number]]
  if (fingerprint === 'sos' || fingerprint === 's&s') {
    // `foo' + 'bar`: neither the first quote nor the last is in the value, so it was made to fit into a string.
    return a.open !== '' || c.close !== '' || a.close !== c.open
  }
  // `sexy and 17` is text, `sexy and 17<18` is not.
  if (needsMore.has(fingerprint)) return scanner.tokens === 3
  // `into outfile`, `into dumpfile`; other keywords between two values are text.
  if (fingerprint[1] === 'k') return !/^INTO./i.test(textOf(value, b))
  return false
}
