/** Holds what the engine logged against what a go-ftw test expects. */

import { compileRegex } from '../../packages/seclang/src/rx/compile.ts'
import type { FtwOutput } from './go-ftw.ts'

/** One logged match. All strings latin1. */
export interface LogEntry {
  readonly id: number
  readonly message: string
  readonly data: string
}

/** What came of one request. */
export interface Outcome {
  readonly log: readonly LogEntry[]
  /** The status with which it was answered; null where nobody but the backend answered, and the answer was not looked at. */
  readonly status: number | null
}

/** Of what the log quotes, only bytes that would end the line, or are no text, are escaped. */
function quoted(value: string): string {
  const escaped = value.replace(/[\x00-\x1f\x7f-\xff"]/g, (byte) =>
    byte === '"' ? '\\"' : `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `"${escaped}"`
}

/** An error log's line, as the tests' `match_regex` expect it. */
export function logLine({ id, message, data }: LogEntry): string {
  return `[id "${id}"] [msg ${quoted(message)}] [data ${quoted(data)}]`
}

function matchesLine(pattern: string, log: readonly LogEntry[]): boolean {
  const expression = compileRegex(pattern, { dotAll: false, multiline: false, ignoreCase: false })
  return log.some((entry) => expression.exec(logLine(entry), null))
}

/** What of `expected` does not hold, a clause each; empty where all does. */
export function unmet(expected: FtwOutput, outcome: Outcome): readonly string[] {
  const found = new Set(outcome.log.map(({ id }) => id))
  const clauses: string[] = []
  for (const id of expected.expectIds) if (!found.has(id)) clauses.push(`${id} in the log`)
  for (const id of expected.noExpectIds) if (found.has(id)) clauses.push(`no ${id} in the log`)
  const { matchRegex, noMatchRegex, status } = expected
  if (matchRegex !== null && !matchesLine(matchRegex, outcome.log)) clauses.push(`a log line like /${matchRegex}/`)
  if (noMatchRegex !== null && matchesLine(noMatchRegex, outcome.log))
    clauses.push(`no log line like /${noMatchRegex}/`)
  // To the engine alone a test's 200 says that nothing interrupted.
  if (status !== null && outcome.status !== null && outcome.status !== status) {
    clauses.push(`status ${status}`)
  }
  return clauses
}
