/** Blanks between the parts of a directive: spaces and tabs, as in ModSecurity 3 (`[ \t]+`); never the wider `\s`. */

const tab = 0x09
const space = 0x20

/** Space or tab. */
export function isBlank(code: number): boolean {
  return code === space || code === tab
}

/** The offset of the first character at or behind `offset` that is no blank. */
export function skipBlanks(text: string, offset: number): number {
  let at = offset
  while (isBlank(text.charCodeAt(at))) at++
  return at
}

/** The offset behind the last character of [start, end) that is no blank; `start` if there is none. */
export function trimEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--
  return at
}
