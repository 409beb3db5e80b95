/** Runs made-up requests through freshly compiled rule sets, so that the first real ones do not pay for V8: functions are compiled
 *  when they first run, and made fast after some use. Decides nothing, logs nothing, and gives way between two requests: an edge
 *  that reloads goes on serving.
 *
 *  The requests come from an address for documentation (RFC 5737): rules that count by address count these under it. */
import { setImmediate as turn } from 'node:timers/promises'
import { warmRoundsMax, warmTimeMaxMs } from './bounds.ts'
import { beginJudgement, type NamedRuleSet } from './judge.ts'
import { type Sample, samples } from './warm-samples.ts'

export interface WarmBounds {
  readonly rounds: number
  readonly timeMs: number
}

const client = { address: '192.0.2.1', port: 50_000 }
const server = { address: '192.0.2.2', port: 443 }

/** Each rule set by itself: behind one that blocks, the next would stay cold. Returns how many requests were judged. */
export async function warm(
  ruleSets: readonly NamedRuleSet[],
  { rounds, timeMs }: WarmBounds = { rounds: warmRoundsMax, timeMs: warmTimeMaxMs },
): Promise<number> {
  const end = performance.now() + timeMs
  let judged = 0
  for (let round = 0; round < rounds; round++) {
    for (const sample of samples) {
      for (const ruleSet of ruleSets) {
        if (performance.now() >= end) return judged
        judge(ruleSet, sample)
        judged++
        await turn()
      }
    }
  }
  return judged
}

function judge(ruleSet: NamedRuleSet, { method, target, headers, body }: Sample): void {
  const judgement = beginJudgement([ruleSet], { client, server, method, target, protocol: 'HTTP/1.1', headers })
  judgement.requestHeaders()
  judgement.requestBody(body === null ? null : Buffer.from(body))
  judgement.finish()
}
