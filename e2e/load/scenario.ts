/** What a scenario is asked and what it answers. */
import { lostIn, type Tally, told } from './tally.ts'

export interface Plan {
  /** Requests a second. */
  readonly rate: number
  /** Handshakes a second. */
  readonly handshakes: number
  /** Of load, a scenario. */
  readonly seconds: number
  readonly reloads: number
}

export interface Outcome {
  /** Lines for people. */
  readonly said: readonly string[]
  readonly failed: boolean
}

/** Resolves when it is done; rejects where it could not be played. */
export type Scenario = (plan: Plan) => Promise<Outcome>

/** `wanted`: begun per second, as it was asked for. */
export function outcomeOf(tally: Tally, wanted: number, what: string): Outcome {
  const slow = tally.rate < wanted * 0.98 ? [`this machine reached ${tally.rate}/s of ${wanted}/s`] : []
  return { said: [`${what}: ${told(tally)}`, ...slow], failed: lostIn(tally) > 0 }
}
