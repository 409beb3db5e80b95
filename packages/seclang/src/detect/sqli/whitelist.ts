import type { Shape } from './fingerprint.ts'
import type { Token } from './token.ts'
import { textOf } from './token.ts'

/** Rules for the very short fingerprints that honest text has too (after libinjection's `is_not_whitelist`): true if it is honest. */
export function isHonest(value: string, shape: Shape): boolean {
  const { fingerprint } = shape
  const isCut = fingerprint.length > 1 && fingerprint.endsWith('c')
  // SQL Server leaves a statement with this word out of its log; nobody else writes it in a comment.
  if (isCut && value.includes('sp_password')) return false
  if (fingerprint.length === 2) return isHonestPair(value, shape)
  if (fingerprint.length === 3) return isHonestTriple(value, shape)
  // `(1) and (2)` is a list in text: the parenthesis that is closed was opened in the value.
  if (fingerprint === '1)&(1' && shape.scanner.opened) return true
  return isHonestIf(shape)
}

/** `; if it …` is English; T-SQL's IF wants a condition. */
function isHonestIf(shape: Shape): boolean {
  const at = shape.fingerprint.indexOf(';Tn')
  return at !== -1 && shape.tokens[at + 1]!.word.startsWith('IF')
}

function isHonestPair(value: string, shape: Shape): boolean {
  const { fingerprint, tokens, scanner } = shape
  const [a, b] = tokens as [Token, Token]
  // `1 union` may be text; with a comment or arithmetic in it, it is half of an attack split over two parameters.
  if (fingerprint[1] === 'U') return scanner.tokens === 2
  if (fingerprint[1] !== 'c') return false
  const first = value[b.start]
  if (first === '#') return true
  // `image/*` and `src/**/` are media types and globs; a comment with text in it is not.
  if (fingerprint === 'nc') return first !== '/' || !isFullComment(value, b)
  if (fingerprint === '1c') {
    if (first === '/') return false
    return scanner.tokens === 2 ? !isNumberThenComment(value, a.length) : letter.test(value.slice(a.start, b.start))
  }
  // People write dashes in text; scanners leave nothing after them.
  return first === '-' && b.length > 2
}

/** `/* text *\/`: closed, and not empty. */
function isFullComment(value: string, comment: Token): boolean {
  const close = value.indexOf('*/', comment.start + 2)
  return close > comment.start + 2
}

/** Text such as `1234-ABCD--` or `100% wool -- soft` folds to `1c`: only numbers before the comment count. */
const letter = /[A-Za-z]/

/** White space or the comment follows the number at once. */
function isNumberThenComment(value: string, end: number): boolean {
  return value.charCodeAt(end) <= 0x20 || value.startsWith('/*', end) || value.startsWith('--', end)
}

const needsMore: ReadonlySet<string> = new Set(['s&n', 'n&1', '1&1', '1&v', '1&s'])

/** `1992, 1993 and 1994`: folds to `1&1` without any condition in it. */
const numberList = /^[\d., ]+ (?:and|or|AND|OR) [\d., ]+$/

function isHonestTriple(value: string, shape: Shape): boolean {
  const { fingerprint, tokens, scanner } = shape
  const [a, b, c] = tokens as [Token, Token, Token]
  if (fingerprint === 'sos' || fingerprint === 's&s') {
    // `foo' + 'bar`: neither the first quote nor the last is in the value, so it was made to fit into a string.
    return a.open !== '' || c.close !== '' || a.close !== c.open
  }
  // `sexy and 17` is text, `sexy and 17<18` is not.
  if (needsMore.has(fingerprint)) return scanner.tokens === 3 || numberList.test(value)
  // `into outfile`, `into dumpfile`; other keywords between two values are text.
  if (fingerprint[1] === 'k') return !/^INTO./i.test(textOf(value, b))
  return false
}
