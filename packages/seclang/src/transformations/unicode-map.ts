const pair = /^([0-9a-fA-F]{4}):([0-9a-fA-F]{2})$/
const pageNumber = /^[0-9]+$/

/** Reads what SecUnicodeMapFile names: for each code page a line that begins with its number (a remark may follow), then lines of
 *  `XXXX:YY`, the code point and the byte it becomes, in hexadecimal. Gives the pairs of `codePage`: none if the file does not
 *  have it, which the caller should report. Words that are no pair are remarks. */
export function parseUnicodeMap(text: string, codePage: number): ReadonlyMap<number, number> {
  const map = new Map<number, number>()
  let inside = false
  for (const line of text.split('\n')) {
    const words = line.trim().split(/[ \t]+/)
    const first = words[0] ?? ''
    if (pageNumber.test(first)) inside = Number.parseInt(first, 10) === codePage
    if (!inside) continue
    for (const word of words) {
      const [, point, byte] = pair.exec(word) ?? []
      if (point !== undefined && byte !== undefined) map.set(Number.parseInt(point, 16), Number.parseInt(byte, 16))
    }
  }
  return map
}
