/** The prefilter: one scan of a text tells which rules could match it at all.
 *
 *  Guarantee: "no" means no. A rule takes part only where its operator proves literals of which every match contains at least
 *  one, compared without regard to ASCII case; where one of them is in the text, the rule runs as if there were no prefilter.
 *  Proof: the property tests of operators/ and rx/ (literals) and of this file; conformance runs with and without it. */

import type { Literals } from './operators/operator.ts'
import { type Automaton, buildAutomaton } from './operators/phrases/automaton.ts'
import type { Value } from './value.ts'

export interface Prefilter {
  readonly automaton: Automaton
  /** For each literal, the numbers of the tests that it makes candidates. */
  readonly testsOf: readonly (readonly number[])[]
  readonly words: number
}

/** Collects the literals of a rule set's tests while it is compiled. */
export interface PrefilterPlan {
  /** The number of the test in every scan, or -1 where nothing is known of its matches. */
  readonly add: (literals: Literals) => number
  readonly build: () => Prefilter | null
}

const bitsPerWord = 32
/** A single byte says too little: nearly every text holds it, and the scan would be slower for all. */
const literalBytesMin = 2

export function planPrefilter(): PrefilterPlan {
  const testsOf = new Map<string, number[]>()
  let tests = 0
  return {
    add(literals) {
      if (literals === null || literals.length === 0) return -1
      if (literals.some((literal) => literal.length < literalBytesMin)) return -1
      const test = tests++
      for (const literal of new Set(literals)) {
        const known = testsOf.get(literal)
        if (known === undefined) testsOf.set(literal, [test])
        else known.push(test)
      }
      return test
    },
    build() {
      if (tests === 0) return null
      return {
        automaton: buildAutomaton([...testsOf.keys()]),
        testsOf: [...testsOf.values()],
        words: Math.ceil(tests / bitsPerWord),
      }
    },
  }
}

/** Could test number `test` match `text`, which is `value` after some chain? Scans each distinct text once. */
export function couldMatch(prefilter: Prefilter, value: Value, text: string, test: number): boolean {
  let scan = value.scans.find((known) => known.prefilter === prefilter && known.text === text)
  if (scan === undefined) {
    scan = { prefilter, text, candidates: candidatesOf(prefilter, text) }
    value.scans.push(scan)
  }
  return ((scan.candidates[test >>> 5] as number) & (1 << (test & 31))) !== 0
}

function candidatesOf(prefilter: Prefilter, text: string): Uint32Array {
  const candidates = new Uint32Array(prefilter.words)
  prefilter.automaton.scan(text, (literal) => {
    for (const test of prefilter.testsOf[literal] as readonly number[]) {
      const word = test >>> 5
      candidates[word] = (candidates[word] as number) | (1 << (test & 31))
    }
  })
  return candidates
}
