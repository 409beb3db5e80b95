/** What a request costs in the rule engine, in process: no socket, no HTTP parser; head and body as the edge hands them over. */
import { parseArgs } from 'node:util'
import { beginJudgement, type NamedRuleSet } from '../packages/sallyport/src/waf/judge.ts'
import { loadRuleSet, type RuleSetChoice } from '../packages/sallyport/src/waf/load.ts'
import { type BenchRequest, builtInRequests, requestsOf } from './requests.ts'
import { table } from './table.ts'

export interface WafFigures {
  readonly ruleSet: string
  readonly request: string
  /** Of the body. */
  readonly bytes: number
  readonly medianMicros: number
  readonly p99Micros: number
  /** Ids of the rules that matched: what was measured is only as good as what was found. */
  readonly rules: readonly number[]
}

const client = { address: '192.0.2.1', port: 50_000 }
const server = { address: '192.0.2.2', port: 443 }
const iterationsDefault = 1_000

/** Reads the command line behind the name. Throws a sentence where it is wrong, or a file cannot be read. */
export function benchWaf(args: readonly string[]): readonly WafFigures[] {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string' },
      crs: { type: 'string' },
      iterations: { type: 'string', default: String(iterationsDefault) },
    },
  })
  const iterations = Number(values.iterations)
  if (!Number.isSafeInteger(iterations) || iterations < 1) throw new TypeError('--iterations: write a number above 0')
  const requests = values.requests === undefined ? builtInRequests() : requestsOf(values.requests)
  const uses = ['core', ...(values.crs === undefined ? [] : [values.crs])]
  return uses.flatMap((use) => measure(load(use), requests, iterations))
}

/** As the edge has it without a configuration. */
function load(use: string): NamedRuleSet {
  const choice: RuleSetChoice = { use, mode: 'block', profile: 'api', paranoia: null, before: [], after: [] }
  return loadRuleSet(choice)
}

/** As many rounds unmeasured, for V8, as measured. In turn, not one request a thousand times: traffic is mixed. */
function measure(set: NamedRuleSet, requests: readonly BenchRequest[], iterations: number): readonly WafFigures[] {
  for (let i = 0; i < iterations; i++) for (const request of requests) judge(set, request)
  const times = requests.map(() => new Float64Array(iterations))
  for (let i = 0; i < iterations; i++)
    for (const [index, request] of requests.entries()) (times[index] as Float64Array)[i] = judge(set, request).micros
  return requests.map((request, index) => {
    const sorted = (times[index] as Float64Array).sort()
    return {
      ruleSet: set.name,
      request: request.name,
      bytes: request.body?.length ?? 0,
      medianMicros: quantile(sorted, 0.5),
      p99Micros: quantile(sorted, 0.99),
      rules: judge(set, request).rules,
    }
  })
}

/** From the head in hand to phase 5, microseconds. Texts are made anew each time: V8 would remember what it knows of old ones. */
function judge(
  set: NamedRuleSet,
  request: BenchRequest,
): { readonly micros: number; readonly rules: readonly number[] } {
  const { method, body } = request
  const target = fresh(request.target)
  const headers = request.headers.map(([name, value]) => [fresh(name), fresh(value)] as const)
  const begun = performance.now()
  const judgement = beginJudgement([set], { client, server, method, target, protocol: 'HTTP/1.1', headers })
  judgement.requestHeaders()
  judgement.requestBody(body)
  const { rules } = judgement.finish()
  return { micros: (performance.now() - begun) * 1000, rules }
}

function fresh(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function quantile(sorted: Float64Array, part: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return Math.round(value * 10) / 10
}

/** A table for people. */
export function wafTable(figures: readonly WafFigures[]): string {
  const rows = figures.map(({ ruleSet, request, bytes, medianMicros, p99Micros, rules }) => [
    ruleSet,
    request,
    String(bytes),
    medianMicros.toFixed(1),
    p99Micros.toFixed(1),
    rules.join(' ') || '-',
  ])
  return table([['rule set', 'request', 'body bytes', 'median µs', 'p99 µs', 'rules'], ...rows])
}
