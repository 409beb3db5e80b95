/** Finds the case that fails, and shortens it as long as it still fails in the same way. */
import type { Case } from './generator.ts'
import type { Finding } from './judge.ts'

/** Enough for a few hundred bytes; a long body is halved away first. */
const triesMax = 400
/** A case that fails by silence takes seconds to play. */
const triesTimeMaxMs = 15_000

/** Offers shorter cases one by one, and is told of each whether it still fails. */
export type Shortening<C> = Generator<C, void, boolean>

/** `fails` plays a case alone. The case must fail to begin with. */
export async function minimised<C>(
  failing: C,
  shorten: (one: C) => Shortening<C>,
  fails: (one: C) => Promise<boolean>,
): Promise<C> {
  let best = failing
  const until = performance.now() + triesTimeMaxMs
  const offers = shorten(failing)
  let next = offers.next(false)
  for (let tries = 0; next.done !== true && tries < triesMax && performance.now() < until; tries++) {
    const failed = await fails(next.value)
    if (failed) best = next.value
    next = offers.next(failed)
  }
  return best
}

/** Without cuts, then without each half, quarter … of the payload. */
export function* shorter(one: Case): Shortening<Case> {
  let best = one
  const uncut = { ...best, cuts: [] }
  if (yield uncut) best = uncut
  for (let length = best.payload.length >> 1; length > 0; length >>= 1) {
    for (let at = 0; at < best.payload.length; ) {
      const payload = best.payload.slice(0, at) + best.payload.slice(at + length)
      const less = { ...best, payload, cuts: best.cuts.filter((cut) => cut < payload.length) }
      if (yield less) best = less
      else at += length
    }
  }
}

/** The payload, escaped. */
export function shown(one: Case): string[] {
  const lines = [`the client sent ${escaped(one.payload)}`]
  if (one.cuts.length > 0) lines.push(`in writes cut at ${one.cuts.join(', ')}`)
  return lines
}

/** The one case of many that fails when it is played alone; null where it needs company that halving takes away. */
export async function culprit<C>(
  cases: readonly C[],
  fails: (some: readonly C[]) => Promise<boolean>,
): Promise<C | null> {
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

/** A case as a finding shows it. */
export interface Shown {
  readonly index: number
  readonly follows: string
  readonly lines: readonly string[]
}

/** A finding in lines for people: what, where, and the bytes on both sides, escaped. */
export function described(finding: Finding, seed: number, one: Shown | null): string {
  const lines = [`${finding.kind}: ${finding.what}`]
  if (one !== null) lines.push(`  seed ${seed}, index ${one.index}, the tagged request follows ${one.follows}`)
  for (const line of one?.lines ?? []) lines.push(`  ${line}`)
  if (finding.raw !== null && finding.raw !== '')
    lines.push(`  the upstream saw … ${escaped(finding.raw.slice(-shownBytesMax))}`)
  return lines.join('\n')
}

const shownBytesMax = 600

/** As a JavaScript string would have it. */
export function escaped(bytes: string): string {
  const shown =
    bytes.length > 4 * shownBytesMax ? `${bytes.slice(0, 2 * shownBytesMax)}…${bytes.slice(-shownBytesMax)}` : bytes
  return JSON.stringify(shown).replace(/[\x7f-\xff]/g, (one) => `\\x${one.charCodeAt(0).toString(16)}`)
}
