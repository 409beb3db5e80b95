/** The byte that C and JavaScript mean by `\` and this letter (`a b f n r t v`); any other byte means itself. */
export function letterEscape(code: number): number {
  switch (code) {
    case 0x61:
      return 0x07
    case 0x62:
      return 0x08
    case 0x66:
      return 0x0c
    case 0x6e:
      return 0x0a
    case 0x72:
      return 0x0d
    case 0x74:
      return 0x09
    case 0x76:
      return 0x0b
    default:
      return code
  }
}
