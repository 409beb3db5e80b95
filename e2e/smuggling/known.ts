/** What the edge is known to get wrong: such cases are not played, so that they hide nothing else. known.test.ts shows each; it
 *  fails as soon as the edge is mended, and then the row goes. */

import type { Case } from './generator.ts'

export interface Known {
  readonly name: string
  /** Whether a payload may touch it: rather too wide than too narrow. */
  readonly touches: (payload: string) => boolean
  /** A payload that shows it, where `{c}` stands for the targets' first segment, `/c0`. */
  readonly shows: string
  /** `at once` where it is not said. */
  readonly follows?: Case['follows']
}

export const known: readonly Known[] = [
  // Node's parser reads these protocols like HTTP of the same version number, frames them so, and tells nobody the name, so that only a
  // parser of our own could refuse them. It does no harm: what arrives at the upstream is the edge's own HTTP/1.1 request, of the same
  // method, target, fields and body, which the rules have judged; where a message ends is the same for both names.
  {
    name: 'RTSP and ICE are taken for HTTP',
    touches: (payload) => /RTSP|ICE\//.test(payload),
    shows: 'OPTIONS {c}/0/plain RTSP/1.0\r\nHost: a\r\n\r\n',
  },
]

/** Whether a payload touches something that is known. */
export function isKnown(payload: string): boolean {
  return known.some(({ touches }) => touches(payload))
}
