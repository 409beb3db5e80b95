/** "Did you mean": the known word that a mistyped one resembles most. */
import { similarCharactersMax } from './bounds.ts'

/** Slips that still look like a slip: two, and fewer in short words. */
const slipsMax = 2

/** The nearest of `known`, or null if none is near. Case, `-` and `_` cost nothing: `trusted-proxies` is `trustedProxies`. */
export function suggest(word: string, known: readonly string[]): string | null {
  if (word.length > similarCharactersMax) return null
  let best: string | null = null
  let fewest = Math.min(slipsMax, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const slips = distance(bare(word), bare(candidate))
    if (slips < fewest) [best, fewest] = [candidate, slips]
  }
  return best
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '')
}

/** Letters to insert, drop, change or swap with a neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + Number(a[i - 1] !== b[j - 1])
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(change, last[j]! + 1, row[j - 1]! + 1, swapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY)
    }
    ;[before, last] = [last, row]
  }
  return last[b.length]!
}
