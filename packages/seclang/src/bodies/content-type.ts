import type { ProcessorName } from './body.ts'

const rows: readonly (readonly [RegExp, ProcessorName])[] = [
  [/^(?:application(?:\/soap\+|\/)|text\/)xml/, 'XML'],
  [/^application\/json/, 'JSON'],
  [/^application\/[a-z0-9.-]+[+]json/, 'JSON'],
  [/^application\/x-www-form-urlencoded/, 'URLENCODED'],
  [/^multipart\/form-data/, 'MULTIPART'],
]

/** The processor that ModSecurity's recommended configuration (rules 200000, 200001, 200006) and its defaults choose for this
 *  Content-Type, without regard to case; null where none reads the body, which then is REQUEST_BODY alone. */
export function processorFor(contentType: string): ProcessorName | null {
  const lower = contentType.toLowerCase()
  return rows.find(([type]) => type.test(lower))?.[1] ?? null
}
