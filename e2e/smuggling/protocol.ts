/** What a campaign needs of the protocol that its clients speak. The upstream, the judge and the epochs are the same for all. */
import { type Played, play } from './exchange.ts'
import type { Door, ProtocolName } from './front.ts'
import { type Case, caseOf } from './generator.ts'
import { playHttp2 } from './http2/exchange.ts'
import { type Http2Case, http2CaseOf } from './http2/generator.ts'
import { shorterHttp2, shownHttp2 } from './http2/minimise.ts'
import { http2Neighbour } from './http2/neighbour.ts'
import type { Judge } from './judge.ts'
import { isKnown } from './known.ts'
import { type Shortening, shorter, shown } from './minimise.ts'
import { type Neighbour, neighbour } from './neighbour.ts'

export interface AnyCase {
  readonly index: number
  /** When the tagged request on the same connection follows. */
  readonly follows: string
}

export interface Protocol<C extends AnyCase> {
  readonly name: ProtocolName
  readonly caseOf: (seed: number, index: number) => C
  /** Whether a case touches what known.ts lists. */
  readonly isKnown: (one: C) => boolean
  readonly neighbour: (door: Door) => Neighbour
  readonly play: (one: C, door: Door, judge: Judge, other: Neighbour) => Promise<Played>
  readonly shorter: (one: C) => Shortening<C>
  /** In lines for people. */
  readonly shown: (one: C) => string[]
}

export const http1: Protocol<Case> = {
  name: 'http/1.1',
  caseOf,
  isKnown: ({ payload }) => isKnown(payload),
  neighbour,
  play,
  shorter,
  shown,
}

export const http2: Protocol<Http2Case> = {
  name: 'h2',
  caseOf: http2CaseOf,
  isKnown: () => false,
  neighbour: http2Neighbour,
  play: playHttp2,
  shorter: shorterHttp2,
  shown: shownHttp2,
}
