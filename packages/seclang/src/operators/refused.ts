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
