import { detectXss } from '../detect/xss/detect.ts'
import type { Operator } from './operator.ts'

/** `@detectXSS`: the value reads as injected script or markup. Captures 0: the value.
 *  Source: ModSecurity reference, "detectXSS". */
export const detectXSS: Operator = {
  name: 'detectXSS',
  compile: () => (value, captures) => {
    if (!detectXss(value)) return false
    if (captures !== null) {
      captures.length = 0
      captures.push(value)
    }
    return true
  },
}
