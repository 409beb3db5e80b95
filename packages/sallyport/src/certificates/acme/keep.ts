/** Keeps one certificate fresh for as long as the edge runs: waits until it is due, tries, waits longer after each failure.
 *  The certificate in use stays in use whatever fails here, and each failure is one line.
 *
 *  Storms that it must not make, all measured in requests to an authority: restarts in a loop (a try is counted on disk
 *  before it begins), a clock that jumps (waits also run on a clock that cannot), a certificate that is due again at once
 *  (half of its life, at most a day, passes between two). */
import { X509Certificate } from 'node:crypto'
import { failureCharsMax, lookAgainMs, retryAfterMaxMs, retryFirstMs } from '../bounds.ts'
import { covers } from '../host-names.ts'
import type { Pair } from '../pair.ts'
import type { Way } from './challenges.ts'
import type { Clock } from './clock.ts'
import { AcmeFailure, printable } from './failure.ts'
import { noAdvice, type RenewalAdvice } from './renewal-info.ts'
import { lifeOf, renewalTime, retryDelay } from './renewal-time.ts'
import { type State, writeState } from './state.ts'

const minuteMs: number = 60 * 1000
const hourMs: number = 60 * minuteMs

export interface Keeping {
  readonly hosts: readonly string[]
  /** Where its state is kept. */
  readonly file: string
  /** Ways to prove the names; after a failure the next is tried. At least one. */
  readonly ways: readonly [Way, ...Way[]]
  readonly clock: Clock
  /** Throws `AcmeFailure`. `replaced` is told to the authority. */
  readonly issue: (way: Way, replaced: Pair | null) => Promise<Pair>
  readonly advice: (pair: Pair) => Promise<RenewalAdvice>
  readonly onIssued: (pair: Pair) => void
  readonly say: (line: string) => void
  /** After a reload by hand: a wait for earlier failures is cut to the first, since what failed may be mended. */
  readonly soon: boolean
  readonly signal: AbortSignal
}

/** Resolves when `signal` is aborted; never rejects. */
export async function keepFresh(keeping: Keeping, start: State): Promise<void> {
  const { clock, signal } = keeping
  let state = start
  let quietUntil = clock.elapsed() + waitOf(state, clock, keeping.soon)
  let advice = noAdvice
  // A first look at once, then as often as the authority likes.
  let adviceAt = clock.elapsed()
  while (!signal.aborted) {
    if (state.pair !== null && clock.elapsed() >= adviceAt) {
      advice = await keeping.advice(state.pair).catch(() => noAdvice)
      adviceAt = clock.elapsed() + advice.againMs
    }
    const waitMs = Math.max(dueTime(keeping.hosts, state.pair, advice) - clock.now(), quietUntil - clock.elapsed())
    if (waitMs > 0) {
      await clock.wait(Math.min(waitMs, lookAgainMs), signal).catch(() => undefined)
      continue
    }
    const before = state.pair
    state = await attempt(keeping, state)
    quietUntil = clock.elapsed() + waitOf(state, clock, false)
    if (state.pair !== null && state.pair !== before) {
      quietUntil = Math.max(quietUntil, clock.elapsed() + pauseAfter(state.pair))
      advice = noAdvice
      adviceAt = clock.elapsed()
    }
  }
}

/** A wait that was written down under a clock that ran ahead must not last for ever. */
function waitOf({ retryAtMs }: State, clock: Clock, soon: boolean): number {
  return Math.min(Math.max(0, retryAtMs - clock.now()), soon ? retryFirstMs : retryAfterMaxMs)
}

function dueTime(hosts: readonly string[], pair: Pair | null, { window }: RenewalAdvice): number {
  if (pair === null) return Number.NEGATIVE_INFINITY
  const leaf = new X509Certificate(pair.cert)
  return hosts.every((host) => covers(leaf, host)) ? renewalTime(leaf, window) : Number.NEGATIVE_INFINITY
}

function pauseAfter(pair: Pair): number {
  return Math.min(retryAfterMaxMs, lifeOf(new X509Certificate(pair.cert)) / 2)
}

/** One try. Returns the state after it, which is on disk unless the disk is what failed. */
async function attempt(keeping: Keeping, state: State): Promise<State> {
  const { clock, file, ways, signal } = keeping
  const failures = state.failures + 1
  const tried = { ...state, failures, retryAtMs: clock.now() + retryDelay(failures, clock.chance(), null) }
  try {
    await writeState(file, tried)
    // After a failure the authority may hold the old certificate for replaced already (RFC 9773 §5, alreadyReplaced).
    const replaced = state.failures === 0 ? state.pair : null
    return await afterIssue(keeping, await keeping.issue(ways[state.failures % ways.length] ?? ways[0], replaced))
  } catch (error) {
    return signal.aborted ? tried : await afterFailure(keeping, tried, error)
  }
}

/** The state that a new certificate leaves. One that is due already tells that a clock is wrong: theirs or ours. Never rejects:
 *  the certificate works, even where it cannot be kept. */
async function afterIssue({ clock, file, hosts, say, onIssued }: Keeping, pair: Pair): Promise<State> {
  const leaf = new X509Certificate(pair.cert)
  const late = renewalTime(leaf, null) <= clock.now()
  const state = { pair, failures: 0, retryAtMs: late ? clock.now() + pauseAfter(pair) : 0 }
  const what = `certificate of ${hosts[0]}: issued, valid until ${leaf.validToDate.toISOString()}`
  say(late ? `${what}, but due again already; set the clock of this machine` : what)
  try {
    await writeState(file, state).finally(() => onIssued(pair))
  } catch (error) {
    say(`certificate of ${hosts[0]}: not kept or not used: ${wordsOf(error)}; see to ${file}`)
  }
  return state
}

async function afterFailure({ clock, file, hosts, say }: Keeping, tried: State, error: unknown): Promise<State> {
  const askedMs = error instanceof AcmeFailure ? error.retryAfterMs : null
  const delayMs = Math.max(tried.retryAtMs - clock.now(), askedMs ?? 0, 0)
  const state = { ...tried, retryAtMs: clock.now() + delayMs }
  if (askedMs !== null) await writeState(file, state).catch(() => undefined)
  say(`certificate of ${hosts[0]}: ${wordsOf(error)}; ${standing(state.pair)}; next try in ${inWords(delayMs)}`)
  return state
}

function wordsOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error), failureCharsMax)
}

function standing(pair: Pair | null): string {
  if (pair === null) return 'there is none yet'
  return `the one in use is valid until ${new X509Certificate(pair.cert).validToDate.toISOString()}`
}

function inWords(ms: number): string {
  const minutes = Math.ceil(ms / minuteMs)
  return ms < 2 * hourMs ? `${minutes} min` : `${Math.round(ms / hourMs)} h`
}
