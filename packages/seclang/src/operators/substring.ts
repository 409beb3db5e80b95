import { asciiLower } from './ascii.ts'
import type { Literals } from './operator.ts'

/** What every value contains that contains `text`: nothing is known of an empty one. */
export function literalOf(text: string): Literals {
  return text === '' ? null : [asciiLower(text)]
}
