import type { Operator } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

const percent = 0x25

/** `@validateUrlEncoding`: true if a `%` in the value is not followed by two hexadecimal digits (RFC 3986 §2.1).
 *  Captures: none. Source: ModSecurity reference, "validateUrlEncoding". */
export const validateUrlEncoding: Operator = {
  name: 'validateUrlEncoding',
  compile: () =>
    withoutCaptures((value) => {
      for (let at = value.indexOf('%'); at !== -1 && at < value.length; at++) {
        if (value.charCodeAt(at) !== percent) continue
        if (!isHex(value.charCodeAt(at + 1)) || !isHex(value.charCodeAt(at + 2))) return true
        at += 2
      }
      return false
    }),
  literals: () => ['%'],
}

/** `code` is NaN after the end: no digit. */
function isHex(code: number): boolean {
  const lower = code | 0x20
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66)
}
