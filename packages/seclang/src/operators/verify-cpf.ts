import { isCpf } from './check-digits.ts'
import type { Operator } from './operator.ts'
import { provenMatch } from './proven-match.ts'

/** `@verifyCPF EXPRESSION`: a match of EXPRESSION is a Brazilian taxpayer number by its check digits. Captures 0: the match.
 *  Source: ModSecurity reference, "verifyCPF". */
export const verifyCPF: Operator = { name: 'verifyCPF', compile: provenMatch('verifyCPF', isCpf) }
