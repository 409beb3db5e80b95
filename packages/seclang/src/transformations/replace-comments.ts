import { flat, outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

function apply(value: string): string {
  let open = value.indexOf('/*')
  if (open < 0) return value
  const out = outputBuffer(value.length)
  let length = 0
  let at = 0
  // By searches, not byte by byte: SQL inside a large body is copied in long runs.
  while (open >= 0) {
    length += out.write(value.slice(at, open), length, 'latin1')
    out[length++] = 0x20
    const close = value.indexOf('*/', open + 2)
    at = close < 0 ? value.length : close + 2
    open = value.indexOf('/*', at)
  }
  length += out.write(value.slice(at), length, 'latin1')
  return flat(out, length, value)
}

/** Each C comment becomes one space, one without an end too; a lone comment end stays. Not nested, as in SQL.
 *  Source: ModSecurity reference, "replaceComments". */
export const replaceComments: Transformation<'replaceComments'> = { name: 'replaceComments', apply }
