/** The shape of one operator (`@name argument`). One file, one operator, one row in `operators/index.ts`. */

/** Tests one value (latin1: one character is one byte). Where `captures` is given and the value matches, the operator
 *  empties it and pushes what it captured: index 0 the whole match, 1 to 9 the groups, an unmatched group as ''.
 *  Never throws, whatever the bytes; runs in time linear in the value's length. */
export type Test = (value: string, captures: string[] | null) => boolean

/** Literals of which every matching value contains at least one, compared without regard to ASCII case
 *  (all lower case here). `null`: nothing is known. The prefilter rests on this: too few words here is a bypass. */
export type Literals = readonly string[] | null

/** What an operator may ask of the compiler. Paths are as written in the rule; the compiler resolves them. */
export interface OperatorContext {
  /** The bytes of a file that a rule names; throws if it cannot be read. */
  readonly readFile: (path: string) => Uint8Array
  /** Two-letter country code and more of an address, where the host program has a database. */
  readonly geo: ((address: string) => Readonly<Record<string, string>> | null) | null
  /** Something the author of the rule should know; the rule still works. */
  readonly warn: (message: string) => void
}

export interface Operator {
  /** As CRS and ModSecurity spell it; looked up without regard to case. */
  readonly name: string
  /** Compiles an argument without macros (the caller expands `%{…}` first, per value where it must).
   *  Throws `OperatorError` if the argument is not usable. */
  readonly compile: (argument: string, context: OperatorContext) => Test
  /** For the prefilter. Absent: nothing is known of what a match contains. */
  readonly literals?: (argument: string, context: OperatorContext) => Literals
}

/** An operator's argument cannot be used: what is wrong and what to write instead. The compiler adds file, line and column. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
