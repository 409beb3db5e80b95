/** The phrases that scans have found: a bit for each, and a list, so that neither reading nor clearing costs more than
 *  the hits do. Made once, reused for every value: a scan allocates nothing. */
export interface PhraseHits {
  /** Bit `index & 31` of word `index >>> 5`. */
  readonly bits: Uint32Array
  /** The indexes found, each once, in the order of discovery; only the first `count` mean anything. */
  readonly list: Uint32Array
  count: number
}

const wordBits = 0x20

export function createHits(phraseCount: number): PhraseHits {
  return { bits: new Uint32Array(Math.ceil(phraseCount / wordBits)), list: new Uint32Array(phraseCount), count: 0 }
}

/** Forgets all hits, in time of their number. */
export function clearHits(hits: PhraseHits): void {
  const { bits, list, count } = hits
  for (let at = 0; at < count; at++) bits[list[at]! >>> 5] = 0
  hits.count = 0
}

export function hasHit(hits: PhraseHits, phrase: number): boolean {
  return ((hits.bits[phrase >>> 5]! >>> (phrase & 0x1f)) & 1) === 1
}
