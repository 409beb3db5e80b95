/** Which bytes may stand where in an HTTP/1.1 message, as tables: one look-up a byte. */

/** RFC 9110 §5.6.2: what a name or method is made of. A blank is not among them: `Name :` is refused (RFC 9112 §5.1). */
const tokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** 1 for a byte of a token. */
export const isTokenByte: Uint8Array = table((byte) => tokenCharacters.includes(String.fromCharCode(byte)))

/** 1 for a byte of a field's value or of a reason phrase: tab, and all that is no control (RFC 9110 §5.5). */
export const isValueByte: Uint8Array = table((byte) => byte === 0x09 || (byte >= 0x20 && byte !== 0x7f))

/** 1 for a byte of a request target that ends nothing: no blank, no control. */
export const isTargetByte: Uint8Array = table((byte) => byte > 0x20 && byte !== 0x7f)

/** What a hexadecimal digit counts; -1 for any other byte. */
export const hexValue: Int8Array = Int8Array.from({ length: 0x100 }, (_, byte) => {
  const at = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
  return at
})

function table(holds: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 0x100 }, (_, byte) => (holds(byte) ? 1 : 0))
}

/** Whether all characters of a text are bytes of that table. An empty text holds nothing wrong. */
export function consistsOf(table: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (table[text.charCodeAt(i)] !== 1) return false
  return true
}

/** Whether two texts are the same but for the case of ASCII letters; `lower` is in lower case. */
export function equalsIgnoringCase(text: string, lower: string): boolean {
  return text.length === lower.length && (text === lower || text.toLowerCase() === lower)
}
