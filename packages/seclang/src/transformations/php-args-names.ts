import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** Where PHP's array brackets begin: the first `[` that has a `]` behind it, unless an earlier one has none. */
function arrayStart(value: string): number {
  const open = value.indexOf('[')
  return open >= 0 && value.indexOf(']', open) >= 0 ? open : -1
}

/** Copies `[key][key]…` from `from` on. Whatever follows the last bracket PHP drops. */
function writeKeys(out: Buffer, length: number, value: string, from: number): number {
  let end = length
  let open = from
  while (value.charCodeAt(open) === 0x5b) {
    const close = value.indexOf(']', open)
    if (close < 0) break
    const empty = close === open + 2 && value.charCodeAt(open + 1) === 0x20
    end += out.write(empty ? '[]' : value.slice(open, close + 1), end, 'latin1')
    open = close + 1
  }
  return end
}

function apply(value: string): string {
  // PHP registers no variable without a name before the first key.
  const first = value.charCodeAt(0)
  if (first === 0x5b || first === 0x3d) return ''
  let at = 0
  while (value.charCodeAt(at) === 0x20) at++
  const out = outputBuffer(value.length)
  const keys = arrayStart(value)
  const end = keys < 0 ? value.length : keys
  let length = 0
  let verbatim = false
  for (; at < end; at++) {
    const code = value.charCodeAt(at)
    const opens = code === 0x5b && !verbatim
    const replaced = opens || (!verbatim && (code === 0x20 || code === 0x2e))
    out[length++] = replaced ? 0x5f : code
    if (opens) verbatim = true // an unclosed bracket: PHP leaves the rest of the name as it is
  }
  if (keys >= 0) length = writeKeys(out, length, value, keys)
  return flat(out, length, value)
}

/** The name under which PHP files a parameter: leading spaces go, ` ` `.` and an unclosed `[` become `_`, and what follows
 *  `name[key]` goes. A rule on a name sees the one the application sees. Source: ModSecurity reference, "phpArgsNames";
 *  PHP manual, "Variables From External Sources". */
export const phpArgsNames: Transformation<'phpArgsNames'> = { name: 'phpArgsNames', apply }
