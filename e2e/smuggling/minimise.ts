/** Finds the case that fails, and shortens its payload as long as it still fails in the same way. */
import type { Case } from './generator.ts'
import type { Finding } from './judge.ts'

/** Enough for a few hundred bytes; a long body is halved away first. */
const triesMax = 400
/** A case that fails by silence takes seconds to play. */
const triesTimeMaxMs = 15_000

/** `fails` plays a case alone. The case must fail to begin with. */
export async function minimised(failing: Case, fails: (one: Case) => Promise<boolean>): Promise<Case> {
  let best = failing
  let tries = 0
  const until = performance.now() + triesTimeMaxMs
  const attempt = async (one: Case): Promise<boolean> => {
    if (tries >= triesMax || performance.now() > until) return false
    tries++
    if (!(await fails(one))) return false
    best = one
    return true
  }
  await attempt({ ...best, cuts: [] })
  for (
    let length = best.payload.length >> 1;
    length > 0 && tries < triesMax && performance.now() < until;
    length >>= 1
  ) {
    for (let at = 0; at < best.payload.length && tries < triesMax && performance.now() < until; ) {
      const shorter = best.payload.slice(0, at) + best.payload.slice(at + length)
      if (!(await attempt({ ...best, payload: shorter, cuts: best.cuts.filter((cut) => cut < shorter.length) })))
        at += length
    }
  }
  return best
}

/** The one case of many that fails when it is played alone; null where it needs company that halving takes away. */
export async function culprit(
  cases: readonly Case[],
  fails: (some: readonly Case[]) => Promise<boolean>,
): Promise<Case | null> {
  let some = cases
  while (some.length > 1) {
    const half = some.length >> 1
    const [left, right] = [some.slice(0, half), some.slice(half)]
    if (await fails(left)) some = left
    else if (await fails(right)) some = right
    else return null
  }
  const [one] = some
  return one !== undefined && (await fails([one])) ? one : null
}

/** Two findings with the same one are the same fault, as far as words tell. */
export function signature({ kind, what }: Finding): string {
  const [words = ''] = what.split('\n')
  return `${kind} ${words.replaceAll(/\S*\/c\d+\/\S*|\d+/g, '')}`
}

/** A finding in lines for people: what, where, and the bytes on both sides, escaped. */
export function described(finding: Finding, seed: number, one: Case | null): string {
  const lines = [`${finding.kind}: ${finding.what}`]
  if (one !== null) lines.push(`  seed ${seed}, index ${one.index}, the tagged request follows ${one.follows}`)
  if (one !== null) lines.push(`  the client sent ${escaped(one.payload)}`)
  if (one !== null && one.cuts.length > 0) lines.push(`  in writes cut at ${one.cuts.join(', ')}`)
  if (finding.raw !== null && finding.raw !== '')
    lines.push(`  the upstream saw … ${escaped(finding.raw.slice(-shownBytesMax))}`)
  return lines.join('\n')
}

const shownBytesMax = 600

/** As a JavaScript string would have it. */
function escaped(bytes: string): string {
  const shown =
    bytes.length > 4 * shownBytesMax ? `${bytes.slice(0, 2 * shownBytesMax)}…${bytes.slice(-shownBytesMax)}` : bytes
  return JSON.stringify(shown).replace(/[\x7f-\xff]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`)
}
