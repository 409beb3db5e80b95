/** Runs the cases of one suite and counts. */

import type { Case, Failure } from './cases.ts'
import { type Exception, exceptionFor, type SuiteName, unmetNeed } from './exceptions.ts'

export interface Tally {
  readonly passed: number
  readonly failed: readonly { readonly id: string; readonly failure: Failure }[]
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
}

export const emptyTally: Tally = { passed: 0, failed: [], skipped: [] }

function judged(testCase: Case): Failure | null {
  try {
    return testCase.judge()
  } catch (error) {
    const came = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { about: testCase.id, expected: 'no exception leaves', came }
  }
}

const stale: Failure = {
  about: 'exceptions.json',
  expected: 'a failure, as the exception says',
  came: 'the case passes now: take its entry out of exceptions.json',
}

/** A suite without a single case is a failure too: a wrong directory must not look like success. */
export function tally(suite: SuiteName, cases: readonly Case[], exceptions: readonly Exception[]): Tally {
  let passed = 0
  const failed: { id: string; failure: Failure }[] = []
  const skipped: { id: string; reason: string }[] = []
  for (const testCase of cases) {
    const { id } = testCase
    const unmet = unmetNeed(exceptions, suite, testCase)
    if (unmet !== null) {
      skipped.push({ id, reason: unmet.reason })
      continue
    }
    const failure = judged(testCase)
    const exception = exceptionFor(exceptions, suite, testCase)
    if (exception === null) {
      if (failure === null) passed++
      else failed.push({ id, failure })
    } else if (failure === null) failed.push({ id, failure: stale })
    else skipped.push({ id, reason: exception.reason })
  }
  if (cases.length === 0) {
    failed.push({ id: suite, failure: { about: 'the directory', expected: 'at least one case', came: 'none' } })
  }
  return { passed, failed, skipped }
}

export function added(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: [...a.failed, ...b.failed],
    skipped: [...a.skipped, ...b.skipped],
  }
}

/** The line that closes a suite, and the whole run. */
export function closing({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`
}

/** A suite's report, a line each: title, failures, with `verbose` also what was skipped and why, the closing line. */
export function report(title: string, result: Tally, verbose: boolean): readonly string[] {
  const lines = [`== ${title}`]
  for (const { id, failure } of result.failed) {
    lines.push(`FAIL ${id}: ${failure.about}`, `  expected ${failure.expected}`, `  came     ${failure.came}`)
  }
  if (verbose) for (const { id, reason } of result.skipped) lines.push(`SKIP ${id}: ${reason}`)
  lines.push(closing(result))
  return lines
}
