/** Strict reading of lines: CRLF alone ends one. */

/** Bytes that are no HTTP by the strict reading: why, and where in the text. */
export interface Refusal {
  readonly refused: string
  readonly at: number
}

/** Where the CRLF of the line that begins at `at` stands; null where more bytes are needed. A bare LF ends nothing here:
 *  RFC 9112 §2.2 lets a recipient take it, and then two recipients differ. */
export function lineEnd(text: string, at: number): number | Refusal | null {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x0a) return { refused: 'a bare LF', at: i }
    if (code !== 0x0d) continue
    if (i + 1 === text.length) return null
    return text.charCodeAt(i + 1) === 0x0a ? i : { refused: 'a bare CR', at: i }
  }
  return null
}
