/** Random choices that a seed and an index repeat: case 4711 of a seed is the same on every machine, whatever ran before it. */

export interface Random {
  /** A whole number from 0 up to, not including, `count`. */
  readonly below: (count: number) => number
  readonly chance: (probability: number) => boolean
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T
}

const twoTo32 = 0x1_0000_0000

/** Mulberry32: a counter and a finisher, 32 bits of state; ample for choosing test cases, and for nothing else. */
export function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35)) | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / twoTo32
  }
  const below = (count: number): number => Math.floor(next() * count)
  return { below, chance: (probability) => next() < probability, pick: (list) => list[below(list.length)] as never }
}
