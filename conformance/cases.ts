/** What every suite hands to the runner: named cases, each judged on its own. */

/** Why a case does not hold, in words for a reader of the terminal. */
export interface Failure {
  /** What was asked, in short: a request line, an operator with its argument. */
  readonly about: string
  readonly expected: string
  readonly came: string
}

export interface Case {
  /** As `--only` and exceptions.json name it: `920100-4`, `operators/rx-3`, `test-sqli-001`. */
  readonly id: string
  /** What the case needs and the engine alone is not, in the words of exceptions.json; null where it can be judged. */
  readonly needs: string | null
  /** Null where the case holds. A throw counts as a failure. */
  readonly judge: () => Failure | null
}

/** `only` is an id, or the front of one up to a dash: `920100` takes in `920100-4`. */
export function isChosen(id: string, only: string | undefined): boolean {
  return only === undefined || id === only || id.startsWith(`${only}-`)
}
