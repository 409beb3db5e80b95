/** Text handling for bytes. JavaScript's own `toLowerCase` and `trim` know Unicode: on latin1 strings they would turn
 *  the byte 0xC9 into 0xE9 and cut the byte 0xA0, half of a UTF-8 "à", off the end of a phrase. */

/** Lower case for A to Z; every other byte stays. Returns the same string where nothing changes. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** True for the six white space bytes of C's `isspace`: tab, LF, VT, FF, CR and space. */
export function isAsciiSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

/** `text` without white space at its ends. */
export function asciiTrim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isAsciiSpace(text.charCodeAt(start))) start++
  while (end > start && isAsciiSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** The parts of `text` between runs of white space; none is empty. */
export function asciiWords(text: string): string[] {
  return text.split(/[\t-\r ]+/).filter((word) => word !== '')
}
