/** Several rule sets judge one exchange: one parse, a transaction each, phase by phase; the first that blocks decides. */
import {
  Exchange,
  type Interruption,
  type Match,
  type RequestHead,
  type ResponseHead,
  type RuleSet,
  type Transaction,
} from '@sallyport/seclang'

/** A compiled rule set under the name that people know it by. */
export interface NamedRuleSet {
  readonly name: string
  readonly ruleSet: RuleSet
}

/** Why the exchange goes no further. `block`: a rule of mode `block` said so. `reject`: part of it would have passed unread
 *  (a bound of the engine), so that no rule may judge it. */
export interface Stop {
  readonly verdict: 'block' | 'reject'
  /** What the client is to be answered, 4xx or 5xx. */
  readonly status: number
}

/** What blocking would have done, had the rule set been in mode `block`. */
export interface Detection {
  readonly status: number
  /** Ids of logging rules that had matched by then, in order. */
  readonly rules: readonly number[]
}

export interface Findings {
  readonly stop: Stop | null
  /** Ids of logging rules that matched, in order, whatever the mode. */
  readonly rules: readonly number[]
  readonly matches: readonly Match[]
  readonly detected: Detection | null
  /** `tx.blocking_inbound_anomaly_score` after phase 2, of the last rule set that has one. */
  readonly score: number | null
  /** Microseconds inside the engine. */
  readonly micros: number
}

/** One exchange in front of its judges. Call the phases in order; each says whether to stop. `finish` must be called once,
 *  whatever was said: it runs phase 5. */
export interface Judgement {
  readonly requestHeaders: () => Stop | null
  /** The whole decoded body, or null where there is none. */
  readonly requestBody: (bytes: Uint8Array | null) => Stop | null
  readonly responseHeaders: (head: ResponseHead) => Stop | null
  readonly responseBody: (bytes: Uint8Array) => Stop | null
  readonly finish: () => Findings
}

/** Contract: a rule's own status where it is a refusal, else 403 (a redirect, a drop, `deny` with `status:200`). */
const refusedStatusMin = 400
const refusedStatusMax = 599
const forbidden = 403

export function beginJudgement(ruleSets: readonly NamedRuleSet[], head: RequestHead): Judgement {
  const begun = performance.now()
  const exchange = new Exchange(head)
  const transactions = ruleSets.map(({ ruleSet }) => ruleSet.begin(exchange))
  const seen = transactions.map(() => ({ rules: 0, matches: 0 }))
  const rules: number[] = []
  const matches: Match[] = []
  let stop: Stop | null = null
  let detected: Detection | null = null
  let score: number | null = null
  let micros = (performance.now() - begun) * 1000

  /** Takes over what a transaction has found since it was last asked. */
  const gather = (transaction: Transaction, index: number): void => {
    const known = seen[index] as { rules: number; matches: number }
    if (transaction.matchedRules.size > known.rules) rules.push(...[...transaction.matchedRules].slice(known.rules))
    if (transaction.matches.length > known.matches) matches.push(...transaction.matches.slice(known.matches))
    known.rules = transaction.matchedRules.size
    known.matches = transaction.matches.length
  }

  const judge = (phase: (transaction: Transaction) => Interruption | null): void => {
    for (const [index, transaction] of transactions.entries()) {
      const before = rules.length
      const interruption = phase(transaction)
      gather(transaction, index)
      const would = detected === null ? transaction.detected : null
      if (would !== null) detected = { status: statusOf(would), rules: rulesUntil(rules, before, would.ruleId) }
      if (interruption === null) continue
      stop = { verdict: 'block', status: statusOf(interruption) }
      return
    }
  }

  const timed = (work: () => void): Stop | null => {
    if (stop !== null) return stop
    const from = performance.now()
    refuseUnread()
    if (stop === null) work()
    refuseUnread()
    micros += (performance.now() - from) * 1000
    return stop
  }

  const refuseUnread = (): void => {
    if (stop === null && exchange.refusal !== null) stop = { verdict: 'reject', status: exchange.refusal.status }
  }

  return {
    requestHeaders: () => timed(() => judge((transaction) => transaction.requestHeaders())),
    requestBody: (bytes) =>
      timed(() => {
        if (bytes !== null) exchange.receiveBody(bytes)
        refuseUnread()
        if (stop !== null) return
        judge((transaction) => transaction.requestBody())
        score = scoreOf(transactions)
      }),
    responseHeaders: (responseHead) =>
      timed(() => {
        exchange.receiveResponse(responseHead)
        judge((transaction) => transaction.responseHeaders())
      }),
    responseBody: (bytes) =>
      timed(() => {
        if (transactions.some((transaction) => transaction.wantsResponseBody())) exchange.receiveResponseBody(bytes)
        judge((transaction) => transaction.responseBody())
      }),
    finish() {
      const from = performance.now()
      if (stop?.verdict === 'block') score ??= scoreOf(transactions)
      for (const [index, transaction] of transactions.entries()) {
        transaction.finish()
        gather(transaction, index)
      }
      micros += (performance.now() - from) * 1000
      return { stop, rules, matches, detected, score, micros }
    },
  }
}

function statusOf({ status }: Interruption): number {
  return status >= refusedStatusMin && status <= refusedStatusMax ? status : forbidden
}

/** What a rule set in mode `block` would have logged: it would have ended at the rule that blocks. That rule may be silent
 *  (`nolog`); then everything up to the end of its phase is given. */
function rulesUntil(rules: readonly number[], before: number, ruleId: number): readonly number[] {
  const last = rules.indexOf(ruleId, before)
  return rules.slice(0, last === -1 ? rules.length : last + 1)
}

/** Of those that came as far as any did: a rule set behind the one that blocked has not counted yet. */
function scoreOf(transactions: readonly Transaction[]): number | null {
  const reached = Math.max(...transactions.map(({ phase }) => phase))
  const scores = transactions
    .filter(({ phase }) => phase === reached)
    .map((transaction) => transaction.readTx('blocking_inbound_anomaly_score'))
  const last = scores.findLast((score) => score !== undefined)
  return last === undefined ? null : Number(last)
}
