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
