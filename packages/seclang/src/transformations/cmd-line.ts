import { outputBuffer } from './output.ts'
import type { Transformation } from './transformation.ts'

function apply(value: string): string {
  const out = outputBuffer(value.length)
  let length = 0
  let afterSpace = false
  let changed = false
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    switch (code) {
      case 0x22: // " ' \ ^ : shells drop them inside a word
      case 0x27:
      case 0x5c:
      case 0x5e:
        break
      case 0x20: // space , ; tab CR LF: all of them part words
      case 0x2c:
      case 0x3b:
      case 0x09:
      case 0x0d:
      case 0x0a:
        if (!afterSpace) out[length++] = 0x20
        afterSpace = true
        if (code !== 0x20) changed = true
        break
      case 0x2f: // / ( : a space before them means nothing
      case 0x28:
        if (afterSpace) length--
        out[length++] = code
        afterSpace = false
        break
      default:
        out[length] = code >= 0x41 && code <= 0x5a ? code | 0x20 : code
        if (out[length++] !== code) changed = true
        afterSpace = false
    }
  }
  // Most values hold nothing to change: those cost no copy.
  return changed || length !== value.length ? out.toString('latin1', 0, length) : value
}

/** Makes one spelling of the many a command line can have: quotes, backslashes and carets go, separators become one space, spaces
 *  before `/` and `(` go, letters become lower case. Source: ModSecurity reference, "cmdLine". */
export const cmdLine: Transformation<'cmdLine'> = { name: 'cmdLine', apply }
