import { isSvnr } from './check-digits.ts'
import type { Operator } from './operator.ts'
import { provenMatch } from './proven-match.ts'

/** `@verifySVNR EXPRESSION`: a match of EXPRESSION is an Austrian social security number by its check digit. Captures 0: the match.
 *  Source: ModSecurity reference, "verifySVNR". */
export const verifySVNR: Operator = { name: 'verifySVNR', compile: provenMatch('verifySVNR', isSvnr) }
