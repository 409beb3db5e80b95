/** Plays many cases at once, epoch by epoch: between two epochs nothing is under way, so that everything can be accounted for. */
import type { Front, StartFront } from './front.ts'
import { type Finding, type Judge, judge } from './judge.ts'
import { readAll } from './message.ts'
import { type Neighbour, tagged } from './neighbour.ts'
import type { AnyCase, Protocol } from './protocol.ts'
import { type StrictUpstream, strictUpstream } from './strict-upstream.ts'

export interface Tally {
  mutations: number
  harmful: number
  wrongTags: number
  /** Cases whose connection was still good for the tagged request. */
  keptOpen: number
}

export interface Campaign<C extends AnyCase> extends AsyncDisposable {
  /** Plays the cases, all at once up to the lanes there are; resolves with what was wrong. */
  readonly epoch: (cases: readonly C[]) => Promise<Finding[]>
  readonly tally: Tally
  readonly counts: Judge['counts']
}

interface Standing {
  readonly front: Front
  readonly neighbours: readonly Neighbour[]
}

export const epochCasesMax = 3000
const lanesMax = 64
/** After this time every line of the decision log must be here: the slowest answers have come to clients that are gone, and the
 *  edge has looked for connections that do not end. */
const fencesTimeMaxMs = 3500
const betweenFencesMs = 10

export async function startCampaign<C extends AnyCase>(
  protocol: Protocol<C>,
  startFront: StartFront,
): Promise<Campaign<C>> {
  const judged = judge()
  const fences = new Map<string, () => void>()
  const upstream: StrictUpstream = await strictUpstream(judged)
  const begin = async (): Promise<Standing> => {
    const front = await startFront(upstream.origin, {
      onDecision(line) {
        judged.onDecision(line)
        fences.get(line.request?.path ?? '')?.()
      },
      onTrouble: (what) => judged.report({ kind: 'harmful', index: null, what: `the edge says: ${what}`, raw: null }),
    })
    return { front, neighbours: Array.from({ length: lanesMax }, () => protocol.neighbour(front)) }
  }
  let standing = await begin().catch((error: unknown) =>
    upstream[Symbol.asyncDispose]().then(() => Promise.reject(error)),
  )
  const tally: Tally = { mutations: 0, harmful: 0, wrongTags: 0, keptOpen: 0 }
  const lane = async (other: Neighbour, cases: Iterator<C>): Promise<void> => {
    for (let next = cases.next(); next.done !== true; next = cases.next()) {
      if (!standing.front.alive()) return
      const { sameAnswered } = await protocol.play(next.value, standing.front, judged, other)
      tally.mutations++
      if (sameAnswered) tally.keptOpen++
    }
  }
  let fenced = 0
  /** Resolves when the decision of a request made now is in the log, so those of all earlier requests are as good as there. */
  const fence = async (other: Neighbour): Promise<void> => {
    const path = `/fence/${fenced++}`
    const logged = Promise.withResolvers<void>()
    fences.set(path, logged.resolve)
    judged.expect(-1, readAll(tagged(path)).messages)
    if ((await other.ask(path)) === path) await logged.promise
    else await new Promise((resolve) => setImmediate(resolve))
    fences.delete(path)
  }
  return {
    async epoch(cases) {
      // One that has ended is a finding of an earlier epoch.
      if (!standing.front.alive()) standing = await begin()
      const { neighbours } = standing
      const queue = cases.values()
      await Promise.all(neighbours.map((other) => lane(other, queue)))
      const [first] = neighbours
      const until = performance.now() + fencesTimeMaxMs
      for (let n = 0; first !== undefined && standing.front.alive(); n++) {
        await fence(first)
        const enough = judged.undecided().length === 0 || judged.hasFound() || performance.now() > until
        if (n > 0 && enough) break
        if (n > 0) await new Promise((resolve) => setTimeout(resolve, betweenFencesMs))
      }
      for (const what of judged.undecided())
        judged.report({ kind: 'harmful', index: null, what: `${what} arrived, and the edge never said so`, raw: null })
      const findings = judged.close()
      for (const { kind } of findings) kind === 'harmful' ? tally.harmful++ : tally.wrongTags++
      return findings
    },
    tally,
    counts: judged.counts,
    async [Symbol.asyncDispose]() {
      for (const one of standing.neighbours) one.close()
      await standing.front[Symbol.asyncDispose]()
      await upstream[Symbol.asyncDispose]()
    },
  }
}
