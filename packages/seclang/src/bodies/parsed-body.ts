import type { ParsedBody } from './body.ts'

/** A parsed body with nothing in it but what `found` says: every processor names only what its format can hold. */
export function parsedBody(found: Partial<ParsedBody>): ParsedBody {
  return { args: [], files: [], partHeaders: [], multipart: null, xml: null, error: null, overBound: false, ...found }
}
