import { foldScan } from './fold.ts'
import type { Scanner } from './scanner.ts'
import { startScan } from './scanner.ts'
import type { Reading, Token } from './token.ts'
import { kind } from './token.ts'

/** A value's shape under one reading, and what the checks after the grammar still want to know. */
export interface Shape {
  /** At most five kinds, such as `sUEnk`. */
  readonly fingerprint: string
  readonly tokens: readonly Token[]
  readonly scanner: Scanner
}

/** Reads and folds a value. */
export function shapeOf(value: string, reading: Reading): Shape {
  const scanner = startScan(value, reading)
  const tokens = foldScan(scanner)
  const last = tokens.at(-1)
  // An empty, unclosed back-tick at the end hides the rest of the query from MySQL, as a comment would.
  if (tokens.length > 2 && last !== undefined && last.kind === kind.word && isOpenTick(last)) last.kind = kind.comment
  let fingerprint = ''
  for (const token of tokens) fingerprint += token.kind
  // An evil construct means servers disagree on the rest: the tokens say nothing more.
  if (fingerprint.includes(kind.evil)) fingerprint = kind.evil
  return { fingerprint, tokens, scanner }
}

function isOpenTick(token: Token): boolean {
  return token.open === '`' && token.close === '' && token.length === 0
}
