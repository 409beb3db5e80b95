/** "Did you mean": the directive that a misspelt name probably stands for. */

import { directives } from './directives.ts'

/** Slips a name may have: more, and a suggestion would be a guess. */
const slipsMax = 2

/** The supported or accepted directive nearest to `name`, in any case; null if none is within two slips. */
export function nearest(name: string): string | null {
  const lower = name.toLowerCase()
  let best: string | null = null
  let fewest = slipsMax + 1
  for (const row of directives) {
    // To suggest what will then be refused helps nobody. The length bounds the work on a hostile name.
    if (row.list === 'refused' || Math.abs(row.name.length - name.length) > slipsMax) continue
    const slips = distance(lower, row.name.toLowerCase())
    // The first of equals stays: the table names the common directives first.
    if (slips >= fewest) continue
    fewest = slips
    best = row.name
  }
  return best
}

/** Levenshtein's distance. Both are about as long as a directive's name, so the product of their lengths is small. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const changed = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[right.length]!
}
