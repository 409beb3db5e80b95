import { isLuhn } from './check-digits.ts'
import type { Operator } from './operator.ts'
import { provenMatch } from './proven-match.ts'

/** `@verifyCC EXPRESSION`: a match of EXPRESSION is a payment card number by its check digit. Captures 0: the match.
 *  Source: ModSecurity reference, "verifyCC". */
export const verifyCC: Operator = { name: 'verifyCC', compile: provenMatch('verifyCC', isLuhn) }
