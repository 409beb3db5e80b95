/** The value of the hexadecimal digit with this character code (either case), or -1; also -1 for NaN, past the end of a string. */
export function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20 // folds A–F onto a–f; NaN becomes 0x20, no digit
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1
}
