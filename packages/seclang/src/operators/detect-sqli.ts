import { detectSqli } from '../detect/sqli/detect.ts'
import type { Operator } from './operator.ts'

/** `@detectSQLi`: the value reads as injected SQL. Captures 0: the fingerprint that gave it away.
 *  Source: ModSecurity reference, "detectSQLi". */
export const detectSQLi: Operator = {
  name: 'detectSQLi',
  compile: () => (value, captures) => {
    const fingerprint = detectSqli(value)
    if (fingerprint === null) return false
    if (captures !== null) {
      captures.length = 0
      captures.push(fingerprint)
    }
    return true
  },
}
