/** What a piece of SQL is. The letters are libinjection's, so that fingerprints can be compared with its test files. */
export const kind = {
  word: 'n',
  number: '1',
  string: 's',
  variable: 'v',
  function: 'f',
  keyword: 'k',
  expression: 'E',
  union: 'U',
  group: 'B',
  statement: 'T',
  sqlType: 't',
  collate: 'A',
  operator: 'o',
  logic: '&',
  comment: 'c',
  evil: 'X',
  unknown: '?',
  backslash: '\\',
  dot: '.',
  comma: ',',
  colon: ':',
  semicolon: ';',
  open: '(',
  close: ')',
  openBrace: '{',
  closeBrace: '}',
} as const

/** One letter of a fingerprint. */
export type Kind = (typeof kind)[keyof typeof kind]

/** A token points into the value instead of carrying a copy: most tokens of a hostile value are folded away unread. */
export interface Token {
  kind: Kind
  start: number
  /** Bytes of text without quotes, cut at `sqlTokenBytesMax`. */
  length: number
  /** The quote it was opened with; empty if the quote was before the value (we guessed that we are inside a string). */
  open: string
  /** The quote it was closed with; empty if the value ended first. */
  close: string
  /** How many `@` a variable has. */
  sigils: number
  /** The word in capitals if the vocabulary may know it, alone or in a phrase; else empty. */
  word: string
  /** The text of a phrase such as `group by`, whose words need not be neighbours in the value; else empty. */
  phrase: string
}

/** How the value is read: which quote the query had open before it, and whether `--x` and `#` begin comments. */
export interface Reading {
  readonly quote: '' | "'" | '"'
  /** ANSI: `--` always begins a comment, `#` is an operator. MySQL: `--` needs white space after it, `#` begins a comment. */
  readonly dialect: 'ansi' | 'mysql'
}

/** The five readings that are tried, after libinjection's `is_sqli`. A double quote is a string delimiter in MySQL alone. */
export const readings: Readonly<
  Record<'plainAnsi' | 'plainMysql' | 'singleAnsi' | 'singleMysql' | 'doubleMysql', Reading>
> = {
  plainAnsi: { quote: '', dialect: 'ansi' },
  plainMysql: { quote: '', dialect: 'mysql' },
  singleAnsi: { quote: "'", dialect: 'ansi' },
  singleMysql: { quote: "'", dialect: 'mysql' },
  doubleMysql: { quote: '"', dialect: 'mysql' },
}

/** An empty slot for the tokeniser to write into. */
export function blankToken(): Token {
  return { kind: kind.unknown, start: 0, length: 0, open: '', close: '', sigils: 0, word: '', phrase: '' }
}

/** Copies `from` into the slot `into`, since the folder keeps its few slots for a whole value. */
export function copyToken(into: Token, from: Token): void {
  into.kind = from.kind
  into.start = from.start
  into.length = from.length
  into.open = from.open
  into.close = from.close
  into.sigils = from.sigils
  into.word = from.word
  into.phrase = from.phrase
}

/** The token's text without quotes. */
export function textOf(value: string, token: Token): string {
  return token.phrase === '' ? value.slice(token.start, token.start + token.length) : token.phrase
}

/** One line of libinjection's test files, such as `s 'foo'` or `v @@version`. */
export function formatToken(value: string, token: Token): string {
  const text = textOf(value, token)
  // Only strings and variables show their quotes; a word in back-ticks is printed bare.
  if (token.kind === kind.string) return `${token.kind} ${token.open}${text}${token.close}`
  if (token.kind === kind.variable) return `${token.kind} ${'@'.repeat(token.sigils)}${token.open}${text}${token.close}`
  return `${token.kind} ${text}`
}
