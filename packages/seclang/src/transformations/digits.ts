/** The value of a hexadecimal digit's code, or -1; NaN (past the end of a string) is no digit. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** The byte that the two hexadecimal digits at `at` spell, or -1 where there are not two. */
export function hexPair(value: string, at: number): number {
  const high = hexDigit(value.charCodeAt(at))
  const low = hexDigit(value.charCodeAt(at + 1))
  return high < 0 || low < 0 ? -1 : (high << 4) | low
}

/** The byte that stands for four hexadecimal digits at `at`, or -1 where there are not four. ModSecurity keeps the low
 *  byte of a code point, and folds full-width forms (U+FF01 to U+FF5E) to the ASCII they look like: IIS and some
 *  databases do the same ("best fit"), which is how such attacks arrive. */
export function lowByteOfFour(value: string, at: number): number {
  const high = hexPair(value, at)
  const low = hexPair(value, at + 2)
  if (high < 0 || low < 0) return -1
  return high === 0xff ? foldFullWidth(low) : low
}

/** The ASCII twin of U+FF00 plus `low`, where it has one. */
export function foldFullWidth(low: number): number {
  return low > 0 && low < 0x5f ? low + 0x20 : low
}

/** True for the codes of `0` to `7`. */
function isOctal(code: number): boolean {
  return code >= 0x30 && code <= 0x37
}

/** How many octal digits stand at `at`, at most three. */
export function octalRun(value: string, at: number): number {
  let count = 0
  while (count < 3 && isOctal(value.charCodeAt(at + count))) count++
  return count
}

/** The digits' value in base 8; the caller knows from {@link octalRun} that they are digits. */
export function octalValue(value: string, at: number, count: number): number {
  let number = 0
  for (let digit = 0; digit < count; digit++) number = number * 8 + value.charCodeAt(at + digit) - 0x30
  return number
}

/** C's `isspace` in the C locale: space, tab, line feed, vertical tab, form feed, carriage return. JavaScript's `\s`
 *  has 0xA0 too, which is half a character in UTF-8. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

/** C's `isalnum` in the C locale. */
export function isAlphanumeric(code: number): boolean {
  const lower = code | 0x20
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a)
}
