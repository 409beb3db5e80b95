/** The escapes of the SecLang language tests.
 *
 *  JSON cannot hold a lone byte above 0x7f, so the files write bytes as a literal `\xHH` or `\uHHHH` inside their strings, over
 *  JSON's own escapes. Source: the reading that ModSecurity's unit test runner gives them. `param` has no such escapes. */

import { bytesOf } from '../bytes.ts'

/** The files hold digits that are none (`\xga`): a number ends where its hex digits end, and is 0 without any. */
function byteOf(digits: string): string {
  const number = Number.parseInt(digits, 16)
  return String.fromCharCode(Number.isNaN(number) ? 0 : number & 0xff)
}

/** The bytes (latin1) that a case's `input` or `output` stands for. */
export function decodeEscapes(text: string): string {
  const once = bytesOf(text).replace(/\\x([A-Za-z0-9]{2})/g, (_, digits: string) => byteOf(digits))
  return once.replace(/\\u([A-Za-z0-9]{4})/g, (_, digits: string) => byteOf(digits))
}
