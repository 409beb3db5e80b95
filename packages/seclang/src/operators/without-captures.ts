import type { Test } from './operator.ts'

/** The test of an operator that captures nothing: on a match it leaves `captures` empty, as the contract wants. */
export function withoutCaptures(matches: (value: string) => boolean): Test {
  return (value, captures) => {
    if (!matches(value)) return false
    if (captures !== null) captures.length = 0
    return true
  }
}
