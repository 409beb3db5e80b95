import type { Shape } from './fingerprint.ts'
import { kind } from './token.ts'

/** One way of breaking out of an SQL expression or of adding to it. */
interface Rule {
  readonly why: string
  /** Over the fingerprint. At most five letters long, so any expression is cheap. */
  readonly shape: RegExp
  /** One of these must be among the keywords and clauses of the fingerprint, since English has the others too. */
  readonly words?: readonly string[]
  /** Only if the value began with an opening parenthesis. */
  readonly opened?: true
}

const rules: readonly Rule[] = [
  { why: 'servers read it differently: nested comment, /*!, {``}', shape: /^X$/ },
  { why: 'a value, then a comment cuts the rest of the query off', shape: /^(?:[1snv]|[1sv]\))c$/ },
  { why: 'a value, the end of the statement, then a comment', shape: /^[1s]\)?;c$/ },
  { why: 'a parameter that ends in UNION, the other half in the next one', shape: /^[1n]U$|^[1s]\)U$/ },

  // Tautologies and other conditions put after a value
  { why: 'value AND/OR value', shape: /^(?:1&[1sv]|n&1|s&[1snv])$/ },
  { why: 'a number compared with a string, OR', shape: /^1os&[1sv]/ },
  { why: 'condition that goes on', shape: /^[1sv]&(?:1[co&UB;]|s[co&;]|v[co]|k\()|^[sv]&1[k)]/ },
  { why: 'condition on a row or name, in a string', shape: /^s&n[oc(]/ },
  { why: 'condition with a name compared to a value that goes on', shape: /^n&(?:1[oc]|sos)/ },
  { why: 'condition in parentheses', shape: /^[1sv]&\(|^1&\([E1sf]/ },
  { why: 'condition that calls a function', shape: /^[1sv]&f\(|^n&f\([1sEf]/ },
  { why: 'row constructor compared', shape: /^[1s]\)?&n\([1E]?$/ },
  { why: 'condition that selects', shape: /^[1snv]&\(E[^n]|^[1sv]&\(En|^[1sv]&E[k(1]/ },
  {
    why: 'condition after a closed parenthesis',
    shape: /^[1sv]\)&(?:[1sv]|\([1sEf(]|f\(|k\(|no)|^s\)&\(|^n\)&(?:1[oc]|f\(|\(E)/,
  },
  { why: 'condition without a value before it', shape: /^\)?&(?:1$|1[oc]|sos|so1|f\([1sE]|\(E)/ },
  { why: 'a sum of strings breaks out of a string', shape: /^sos$|^so1&|^sosc|^so(?:1|v)c/ },

  // Other queries
  { why: 'UNION SELECT after a value', shape: /^[1sv]\)?U\(?E/ },
  { why: 'UNION SELECT after a name', shape: /^\??n\)?U(?:E[1vsfo(k]|En[kc,]|\(E)/ },
  { why: 'UNION SELECT at the start', shape: /^\)?U(?:E[1vsfo(]|Enk|\(E)/ },
  { why: 'UNION after a whole condition', shape: /^[1sv][k&oB,]1U(?:E|\()?/ },
  { why: 'second statement after a value', shape: /^[1sv]\)?;\(?(?:E|T|f\()/ },
  {
    why: 'second statement that begins with a keyword',
    shape: /^[1snv]?\)?;k/,
    words: ['BEGIN', 'BACKUP', 'RESTORE', 'DBCC', 'KILL', 'COPY', 'PRAGMA', 'ATTACH', 'RENAME', 'LOAD', 'MERGE'],
  },
  { why: 'second statement after a name', shape: /^n\)?;(?:\(?E[1sofk(vE]|T(?:[s1n]|\([1sEf]))/ },
  { why: 'second statement at the start', shape: /^\)?;(?:\(?E[1sofk(]|T(?:[n1sfc]|\([1sEf(]))/ },
  { why: 'select as a value', shape: /^[1sv]\)?[o,&]\(E|^n\)?[o,]\(E[1sofk(]|^[1s]\)?\(E[(fkosE]|^\(E[1sofk(]/ },
  {
    why: 'a query in parentheses, put where a value belongs; a whole query without them breaks out of nothing',
    shape: /^E(?:f\([1sEo)f]|ok|\(E|1k\(E|of\(|\(f\(|[1s]o\()/,
    opened: true,
  },
  { why: 'a query of one value in parentheses', shape: /^E1k/, words: ['FROM'], opened: true },
  { why: 'select that goes on after a string or holds another', shape: /^E(?:s&|\(E|f\(E)/ },
  { why: 'CASE at the start', shape: /^Ek[1snf(]/, words: ['WHEN'] },
  { why: 'SELECT … FROM … WHERE', shape: /^E(?:nkn[kB(;]|1kf|1kn[kB(;])/, words: ['FROM'] },
  { why: 'waits', shape: /^[1snv]\)?E[s1v]/, words: ['WAITFOR DELAY', 'WAITFOR TIME'] },

  // Clauses that follow a value only in a query
  {
    why: 'WHERE after a value',
    shape: /^[1sv]\)?k(?:1(?:[&;oUBkEc(]|$)|s[&;oUk]|n[o(])|^n\)?k1[&;oUc]/,
    words: ['WHERE'],
  },
  { why: 'alias, then WHERE', shape: /^[1s]\)?knk/, words: ['WHERE'] },
  { why: 'IN BOOLEAN MODE ends a MATCH', shape: /^[1sn]k\)/, words: ['IN BOOLEAN MODE'] },
  { why: 'PROCEDURE ANALYSE', shape: /^[1snv]\)?k[1f(]/, words: ['PROCEDURE ANALYSE', 'PROCEDURE'] },
  { why: 'writes a file', shape: /^[1snv]\)?ks/, words: ['INTO OUTFILE', 'INTO DUMPFILE'] },
  {
    why: 'ORDER BY, GROUP BY, HAVING after a value',
    shape: /^[1sv]\)?B(?:1|f\(|\()/,
    words: ['ORDER BY', 'GROUP BY', 'HAVING'],
  },
  { why: 'LIMIT, then a comment', shape: /^[1sv]\)?B1[ckUo]/ },

  // Calls
  { why: 'a call of an SQL function alone', shape: /^f\((?:t,\(|[1s]\)|[1s],|f\([^n]|E|1o|so|1,f)/ },
  { why: 'a call of an SQL function in a sum', shape: /^[1sv]\)?of\(|^s\)?f\([1sEf]|^[1s]\)?,\(?f\(|^nof\([1sEf]/ },
]

/** Fingerprints without any of these are names, numbers and arithmetic. */
const suspicious = /[XUETBf&;cs)k]/

const wordy: string = kind.keyword + kind.group + kind.expression + kind.statement

/** The shape can only come from leaving an SQL expression or adding to one. */
export function isInjection(shape: Shape): boolean {
  const { fingerprint } = shape
  if (fingerprint.length < 2 && fingerprint !== kind.evil) return false
  if (!suspicious.test(fingerprint)) return false
  return rules.some((rule) => rule.shape.test(fingerprint) && holds(rule, shape))
}

function holds(rule: Rule, shape: Shape): boolean {
  if (rule.opened === true && !shape.scanner.opened) return false
  return rule.words === undefined || has(shape, rule.words)
}

function has(shape: Shape, words: readonly string[]): boolean {
  return shape.tokens.some((token) => wordy.includes(token.kind) && words.includes(token.word))
}
