import type { Operator } from './operator.ts'
import { withoutCaptures } from './without-captures.ts'

/** `@validateUtf8Encoding`: true if the value is not well-formed UTF-8 (RFC 3629 §4): stray or missing continuation
 *  bytes, overlong forms (CVE-2000-0884), surrogates, anything above U+10FFFF. Captures: none.
 *  Source: ModSecurity reference, "validateUtf8Encoding". */
export const validateUtf8Encoding: Operator = {
  name: 'validateUtf8Encoding',
  compile: () => withoutCaptures((value) => !isUtf8(value)),
}

function isUtf8(value: string): boolean {
  let at = 0
  while (at < value.length) {
    const lead = value.charCodeAt(at)
    if (lead < 0x80) {
      at++
      continue
    }
    const length = sequenceLength(lead, value.charCodeAt(at + 1))
    if (length === 0) return false
    for (let more = 2; more < length; more++) {
      if (!isBetween(value.charCodeAt(at + more), 0x80, 0xbf)) return false
    }
    at += length
  }
  return true
}

/** Bytes of the sequence that `lead` and `second` begin (the table of RFC 3629 §4), 0 if they begin none: only the second
 *  byte's range depends on the first. `second` is NaN after the end, which is in no range. */
function sequenceLength(lead: number, second: number): 0 | 2 | 3 | 4 {
  if (lead < 0xc2) return 0
  if (lead <= 0xdf) return isBetween(second, 0x80, 0xbf) ? 2 : 0
  if (lead <= 0xef) return isBetween(second, lead === 0xe0 ? 0xa0 : 0x80, lead === 0xed ? 0x9f : 0xbf) ? 3 : 0
  if (lead <= 0xf4) return isBetween(second, lead === 0xf0 ? 0x90 : 0x80, lead === 0xf4 ? 0x8f : 0xbf) ? 4 : 0
  return 0
}

function isBetween(code: number, from: number, to: number): boolean {
  return code >= from && code <= to
}
