import { isSsn } from './check-digits.ts'
import type { Operator } from './operator.ts'
import { provenMatch } from './proven-match.ts'

/** `@verifySSN EXPRESSION`: a match of EXPRESSION is a possible US social security number. Captures 0: the match.
 *  Source: ModSecurity reference, "verifySSN". */
export const verifySSN: Operator = { name: 'verifySSN', compile: provenMatch('verifySSN', isSsn) }
