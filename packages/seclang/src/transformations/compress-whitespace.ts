import { isSpace } from './digits.ts'
import { outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

function apply(value: string): string {
  const out = outputBuffer(value.length)
  let length = 0
  let inSpace = false
  let changed = false
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    const space = isSpace(code)
    if (!space) out[length++] = code
    else if (!inSpace) out[length++] = 0x20
    if (space && (inSpace || code !== 0x20)) changed = true
    inSpace = space
  }
  return changed ? out.toString('latin1', 0, length) : value
}

/** Each run of white space becomes one space. Source: ModSecurity reference, "compressWhitespace". */
export const compressWhitespace: Transformation<'compressWhitespace'> = { name: 'compressWhitespace', apply }
