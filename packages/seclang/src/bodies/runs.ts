/** Blanks of header syntax (RFC 9110 §5.6.3). */
export const blanks: RegExp = /[\t ]*/y
/** A token (RFC 9110 §5.6.2). */
export const token: RegExp = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y

/** The index after the run that `pattern` matches at `from`; `from` itself where it does not match. `pattern` is sticky and one class
 *  of characters, repeated: nothing to backtrack into, so every reader built on it is linear. */
export function endOfRun(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : from
}
