import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** How long the comment mark at `at` is that opens a comment; 0 if there is none. */
function openerLength(value: string, at: number): number {
  const code = value.charCodeAt(at)
  if (code === 0x2f) return value.charCodeAt(at + 1) === 0x2a ? 2 : 0
  return code === 0x3c && value.startsWith('!--', at + 1) ? 4 : 0
}

/** Just behind the first end of a comment from `from` on, or -1. Either end closes either kind. */
function behindComment(value: string, from: number): number {
  for (let at = from; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code === 0x2a && value.charCodeAt(at + 1) === 0x2f) return at + 2
    if (code === 0x2d && value.startsWith('->', at + 1)) return at + 3
  }
  return -1
}

/** Literals only, so that the test is one linear pass. */
const opener = /\/\*|<!--|--|#/

function apply(value: string): string {
  if (!opener.test(value)) return value
  const out = outputBuffer(value.length)
  let length = 0
  let at = 0
  while (at < value.length) {
    const code = value.charCodeAt(at)
    // The rest of a line comment is the rest of the value: what a database does not run, rules need not see.
    if (code === 0x23 || (code === 0x2d && value.charCodeAt(at + 1) === 0x2d)) break
    const taken = openerLength(value, at)
    if (taken === 0) {
      out[length++] = code
      at++
      continue
    }
    const behind = behindComment(value, at + taken)
    if (behind < 0) {
      out[length++] = 0x20
      break
    }
    // ModSecurity copies the byte behind a comment unseen; at the end of the value that is C's closing NUL.
    out[length++] = behind < value.length ? value.charCodeAt(behind) : 0
    at = behind + 1
  }
  return flat(out, length, value)
}

/** Leaves out C and HTML comments, and all from `--` or `#` on; a comment without an end becomes a space.
 *  Source: ModSecurity reference, "removeComments". */
export const removeComments: Transformation<'removeComments'> = { name: 'removeComments', apply }
