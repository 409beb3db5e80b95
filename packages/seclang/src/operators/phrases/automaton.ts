/** Finds many phrases in one pass over a value, without regard to ASCII case: the automaton of Aho and Corasick
 *  ("Efficient string matching", CACM 18(6), 1975) with all failure moves worked out beforehand, so that a byte costs
 *  two table reads and a comparison, whatever the phrases and whatever the value: there is no worst case to attack.
 *
 *  Layout: `table[state + class]` is the next state, states being row offsets already (number × classes). States in
 *  which a phrase ends come last, so that "anything found?" is `state >= firstHit`. */
import { clearHits, createHits, type PhraseHits } from './hits.ts'
import { buildTrie, type Trie } from './trie.ts'

export interface Automaton {
  readonly phraseCount: number
  readonly stateCount: number
  readonly classCount: number
  /** Adds every phrase that is in `value` to `hits`, which must be clear or hold earlier scans of this automaton.
   *  Returns the OR of the value's byte masks (0 where none were given). No allocation. */
  readonly collect: (value: string, hits: PhraseHits) => number
  /** Calls `onHit` once for each phrase that is in `value`, after the scan; `onHit` must not scan itself. */
  readonly scan: (value: string, onHit: (phrase: number) => void) => void
  /** The phrase that ends first in `value`, as it stands there; of several that end together, the longest. */
  readonly first: (value: string) => string | null
}

const byteValues = 0x100

/** `phrases`: distinct, not empty, ASCII lower case. `byteMasks`: 256 words, a property of each byte for `collect` to
 *  gather on its way. Throws `OperatorError` if the table would pass `phraseCellsMax`. */
export function buildAutomaton(
  phrases: readonly string[],
  byteMasks: Int32Array = new Int32Array(byteValues),
): Automaton {
  const trie = buildTrie(phrases)
  const { classOf, classCount, stateCount } = trie
  const { table, firstHit, phraseAt, linkAt } = layOut(trie, closeOver(trie))
  const lengths = Uint32Array.from(phrases, (phrase) => phrase.length)

  const collect = (value: string, hits: PhraseHits): number => {
    const { bits, list } = hits
    let count = hits.count
    let state = 0
    let mask = 0
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at) & 0xff
      mask |= byteMasks[code]!
      state = table[state + classOf[code]!]!
      if (state < firstHit) continue
      let node = ((state - firstHit) / classCount) | 0
      // A phrase found before had its shorter endings recorded with it: stopping there keeps the scan linear.
      while (node >= 0) {
        const phrase = phraseAt[node]!
        const word = phrase >>> 5
        const bit = 1 << (phrase & 0x1f)
        if ((bits[word]! & bit) !== 0) break
        bits[word]! |= bit
        list[count++] = phrase
        node = linkAt[node]!
      }
    }
    hits.count = count
    return mask
  }

  const own = createHits(phrases.length)
  const scan = (value: string, onHit: (phrase: number) => void): void => {
    clearHits(own)
    collect(value, own)
    for (let at = 0; at < own.count; at++) onHit(own.list[at]!)
  }

  const first = (value: string): string | null => {
    let state = 0
    for (let at = 0; at < value.length; at++) {
      state = table[state + classOf[value.charCodeAt(at) & 0xff]!]!
      if (state < firstHit) continue
      const length = lengths[phraseAt[((state - firstHit) / classCount) | 0]!]!
      return value.slice(at + 1 - length, at + 1)
    }
    return null
  }

  return { phraseCount: phrases.length, stateCount, classCount, collect, scan, first }
}

interface Closure {
  /** All states, breadth first: states near the root, which values visit most, lie together in memory. */
  readonly order: Int32Array
  /** For each state the nearest suffix of it (itself left out) that is a phrase, as a state; -1 for none. */
  readonly suffix: Int32Array
}

/** Turns the trie's `child` into the complete transition function, in place. */
function closeOver(trie: Trie): Closure {
  const { child, classCount, phraseOf, stateCount } = trie
  const order = new Int32Array(stateCount)
  const failure = new Int32Array(stateCount)
  const suffix = new Int32Array(stateCount).fill(-1)
  let queued = 1
  for (let at = 0; at < stateCount; at++) {
    const state = order[at]!
    const fallback = failure[state]!
    if (state !== 0) suffix[state] = phraseOf[fallback]! >= 0 ? fallback : suffix[fallback]!
    for (let byteClass = 0; byteClass < classCount; byteClass++) {
      const cell = state * classCount + byteClass
      const next = child[cell]!
      const elsewhere = state === 0 ? 0 : child[fallback * classCount + byteClass]!
      if (next === 0) {
        child[cell] = elsewhere
      } else {
        failure[next] = elsewhere
        order[queued++] = next
      }
    }
  }
  return { order, suffix }
}

interface Layout {
  readonly table: Int32Array
  readonly firstHit: number
  /** By hit state, from 0: the longest phrase that ends there, and the hit state of the next shorter one or -1. */
  readonly phraseAt: Int32Array
  readonly linkAt: Int32Array
}

function layOut(trie: Trie, { order, suffix }: Closure): Layout {
  const { child, classCount, phraseOf, stateCount } = trie
  const isHit = (state: number): boolean => phraseOf[state]! >= 0 || suffix[state]! >= 0
  const sorted = [...order.filter((state) => !isHit(state)), ...order.filter(isHit)]
  const numberOf = new Int32Array(stateCount)
  for (const [number, state] of sorted.entries()) numberOf[state] = number

  const table = new Int32Array(stateCount * classCount)
  for (const [number, state] of sorted.entries()) {
    for (let byteClass = 0; byteClass < classCount; byteClass++) {
      table[number * classCount + byteClass] = numberOf[child[state * classCount + byteClass]!]! * classCount
    }
  }

  const hitStates = order.filter(isHit)
  const base = stateCount - hitStates.length
  const phraseAt = new Int32Array(hitStates.length)
  const linkAt = new Int32Array(hitStates.length)
  for (const [hit, state] of hitStates.entries()) {
    const longest = phraseOf[state]! >= 0 ? state : suffix[state]!
    phraseAt[hit] = phraseOf[longest]!
    linkAt[hit] = suffix[longest]! >= 0 ? numberOf[suffix[longest]!]! - base : -1
  }
  return { table, firstHit: base * classCount, phraseAt, linkAt }
}
