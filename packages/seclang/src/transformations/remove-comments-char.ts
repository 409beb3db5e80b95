import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

/** How long the comment mark at `at` is, longest first; 0 if there is none. */
function markLength(value: string, at: number): number {
  const next = value.charCodeAt(at + 1)
  switch (value.charCodeAt(at)) {
    case 0x2f:
      return next === 0x2a ? 2 : 0
    case 0x2a:
      return next === 0x2f ? 2 : 0
    case 0x3c:
      return value.startsWith('!--', at + 1) ? 4 : 0
    case 0x2d:
      if (next !== 0x2d) return 0
      return value.charCodeAt(at + 2) === 0x3e ? 3 : 2
    case 0x23:
      return 1
    default:
      return 0
  }
}

/** Literals only, so that the test is one linear pass. */
const mark = /\/\*|\*\/|<!--|--|#/

function apply(value: string): string {
  if (!mark.test(value)) return value
  const out = outputBuffer(value.length)
  let length = 0
  let at = 0
  while (at < value.length) {
    const taken = markLength(value, at)
    if (taken === 0) out[length++] = value.charCodeAt(at)
    at += taken === 0 ? 1 : taken
  }
  return flat(out, length, value)
}

/** Leaves out the marks of comments of C, HTML and SQL, and keeps what they enclose.
 *  Source: ModSecurity reference, "removeCommentsChar". */
export const removeCommentsChar: Transformation<'removeCommentsChar'> = { name: 'removeCommentsChar', apply }
