/** Text of a test file to the form in which the engine sees everything: latin1, one character for one byte. */

/** The UTF-8 bytes of `text`, as a latin1 string. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** For messages: printable ASCII as it is but for the backslash, which is doubled, every other byte as `\xHH`, and an end
 *  where it gets long. */
export function shown(bytes: string, charactersMax = 400): string {
  const cut = bytes.length > charactersMax
  const escaped = (cut ? bytes.slice(0, charactersMax) : bytes).replace(/[\x00-\x1f\x7f-\xff\\]/g, (byte) =>
    byte === '\\' ? '\\\\' : `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return cut ? `${escaped}… (${bytes.length} bytes)` : escaped
}
