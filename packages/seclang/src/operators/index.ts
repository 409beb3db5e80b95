/** All operators, one row each. */
import { beginsWith } from './begins-with.ts'
import { contains } from './contains.ts'
import { containsWord } from './contains-word.ts'
import { detectSQLi } from './detect-sqli.ts'
import { detectXSS } from './detect-xss.ts'
import { endsWith } from './ends-with.ts'
import { eq } from './eq.ts'
import { ge } from './ge.ts'
import { geoLookup } from './geo-lookup.ts'
import { gt } from './gt.ts'
import { ipMatch } from './ip-match.ts'
import { ipMatchF, ipMatchFromFile } from './ip-match-from-file.ts'
import { le } from './le.ts'
import { lt } from './lt.ts'
import { noMatch } from './no-match.ts'
import type { Operator } from './operator.ts'
import { pm } from './pm.ts'
import { pmFromFile, pmf } from './pm-from-file.ts'
import { rx } from './rx.ts'
import { rxGlobal } from './rx-global.ts'
import { streq } from './streq.ts'
import { strmatch } from './strmatch.ts'
import { unconditionalMatch } from './unconditional-match.ts'
import { validateByteRange } from './validate-byte-range.ts'
import { validateUrlEncoding } from './validate-url-encoding.ts'
import { validateUtf8Encoding } from './validate-utf8-encoding.ts'
import { verifyCC } from './verify-cc.ts'
import { verifyCPF } from './verify-cpf.ts'
import { verifySSN } from './verify-ssn.ts'
import { verifySVNR } from './verify-svnr.ts'
import { within } from './within.ts'

export type OperatorName =
  | 'beginsWith'
  | 'contains'
  | 'containsWord'
  | 'detectSQLi'
  | 'detectXSS'
  | 'endsWith'
  | 'eq'
  | 'ge'
  | 'geoLookup'
  | 'gt'
  | 'ipMatch'
  | 'ipMatchF'
  | 'ipMatchFromFile'
  | 'le'
  | 'lt'
  | 'noMatch'
  | 'pm'
  | 'pmFromFile'
  | 'pmf'
  | 'rx'
  | 'rxGlobal'
  | 'streq'
  | 'strmatch'
  | 'unconditionalMatch'
  | 'validateByteRange'
  | 'validateUrlEncoding'
  | 'validateUtf8Encoding'
  | 'verifyCC'
  | 'verifyCPF'
  | 'verifySSN'
  | 'verifySVNR'
  | 'within'

export const operators: Readonly<Record<OperatorName, Operator>> = {
  beginsWith,
  contains,
  containsWord,
  detectSQLi,
  detectXSS,
  endsWith,
  eq,
  ge,
  geoLookup,
  gt,
  ipMatch,
  ipMatchF,
  ipMatchFromFile,
  le,
  lt,
  noMatch,
  pm,
  pmFromFile,
  pmf,
  rx,
  rxGlobal,
  streq,
  strmatch,
  unconditionalMatch,
  validateByteRange,
  validateUrlEncoding,
  validateUtf8Encoding,
  verifyCC,
  verifyCPF,
  verifySSN,
  verifySVNR,
  within,
} satisfies Record<OperatorName, Operator>

const byLowerName = new Map(Object.values(operators).map((operator) => [operator.name.toLowerCase(), operator]))

/** The operator of that name, without regard to case; `undefined` for one that is not in the table. */
export function findOperator(name: string): Operator | undefined {
  return byLowerName.get(name.toLowerCase())
}

/** Operators of ModSecurity that this engine does not have: the compiler reports a rule that uses one, with the reason. */
export const refusedOperators: readonly { readonly name: string; readonly reason: string }[] = [
  { name: 'fuzzyHash', reason: 'it needs the ssdeep library' },
  { name: 'gsbLookup', reason: 'the service behind it, Google Safe Browsing v1, has ended' },
  { name: 'inspectFile', reason: 'it runs a program for each file; scan uploads behind the edge' },
  { name: 'rbl', reason: 'it waits for a DNS answer inside the request; load the list into @ipMatchFromFile' },
  { name: 'rsub', reason: 'it rewrites bodies; rules here only judge' },
  {
    name: 'validateDTD',
    reason: 'it needs a validating XML parser, and reading definitions is an attack of its own (CWE-611)',
  },
  { name: 'validateHash', reason: 'it belongs to the hash engine of ModSecurity, which signs the links of responses' },
  { name: 'validateSchema', reason: 'it needs an XML Schema processor; validate documents in the application' },
]
