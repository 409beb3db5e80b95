/** Several rule sets judge one exchange: one parse, a transaction each, phase by phase; the first that blocks decides. */
import {
  Exchange,
  type ExchangeBounds,
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
  /** The whole decoded body, or null where there is none. `isBeginning`: what follows goes on unread, by choice. */
  readonly requestBody: (bytes: Uint8Array | null, isBeginning?: boolean) => Stop | null
  readonly responseHeaders: (head: ResponseHead) => Stop | null
  /** After `responseHeaders`: whether a rule set reads this response's body (by its media type, unless a rule said no). */
  readonly wantsResponseBody: () => boolean
  /** The whole decoded body, or its beginning: what is over the bound is not read. Empty where there is none, or none is wanted. */
  readonly responseBody: (bytes: Uint8Array) => Stop | null
  readonly finish: () => Findings
}

/** Contract: a rule's own status where it is a refusal, else 403 (a redirect, a drop, `deny` with `status:200`). */
const refusedStatusMin = 400
const refusedStatusMax = 599
const forbidden = 403

/** What is over `bounds` is rejected (413 for a body too long); what is not given is as the engine has it. */
type Bounds = Partial<ExchangeBounds>

export function beginJudgement(sets: readonly NamedRuleSet[], head: RequestHead, bounds: Bounds = {}): Judgement {
  const begun = performance.now()
  const exchange = new Exchange(head, bounds)
  const transactions = sets.map(({ ruleSet }) => ruleSet.begin(exchange))
  const gathered = gather(transactions)
  let stop: Stop | null = null
  let detected: Detection | null = null
  let score: number | null = null
  let micros = (performance.now() - begun) * 1000

  const judge = (phase: (transaction: Transaction) => Interruption | null): void => {
    for (const [index, transaction] of transactions.entries()) {
      const before = gathered.rules.length
      const interruption = phase(transaction)
      gathered.takeFrom(index)
      if (transaction.detected !== null) detected ??= detectionOf(transaction.detected, gathered.rules, before)
      if (interruption === null) continue
      stop = { verdict: 'block', status: statusOf(interruption) }
      return
    }
  }

  /** Beats a rule: what it saw was not the whole request. */
  const refuseUnread = (): void => {
    if (exchange.refusal !== null) stop = { verdict: 'reject', status: exchange.refusal.status }
  }

  /** One phase: hands the exchange what is new, and lets the rule sets judge it; nothing once there is a stop. */
  const next = (receive: () => void, phase: (transaction: Transaction) => Interruption | null): Stop | null => {
    if (stop !== null) return stop
    const from = performance.now()
    receive()
    refuseUnread()
    if (stop === null) judge(phase)
    refuseUnread()
    micros += (performance.now() - from) * 1000
    return stop
  }

  return {
    requestHeaders: () => next(nothing, (transaction) => transaction.requestHeaders()),
    requestBody(bytes, isBeginning = false) {
      const receive = (): void => receiveBody(exchange, bytes, isBeginning)
      next(receive, (transaction) => transaction.requestBody())
      if (stop?.verdict !== 'reject') score = scoreOf(transactions)
      return stop
    },
    responseHeaders: (responseHead) =>
      next(
        () => exchange.receiveResponse(responseHead),
        (transaction) => transaction.responseHeaders(),
      ),
    wantsResponseBody: () => wantResponseBody(transactions),
    responseBody(bytes) {
      const receive = wantResponseBody(transactions) ? (): void => exchange.receiveResponseBody(bytes) : nothing
      return next(receive, (transaction) => transaction.responseBody())
    },
    finish() {
      const from = performance.now()
      for (const [index, transaction] of transactions.entries()) {
        transaction.finish()
        gathered.takeFrom(index)
      }
      micros += (performance.now() - from) * 1000
      return { stop, rules: gathered.rules, matches: gathered.matches, detected, score, micros }
    },
  }
}

const nothing = (): void => undefined

function wantResponseBody(transactions: readonly Transaction[]): boolean {
  return transactions.some((transaction) => transaction.wantsResponseBody())
}

function receiveBody(exchange: Exchange, bytes: Uint8Array | null, isBeginning: boolean): void {
  if (bytes === null) return
  if (isBeginning) exchange.receiveBodyBeginning(bytes)
  else exchange.receiveBody(bytes)
}

interface Gathered {
  readonly rules: number[]
  readonly matches: Match[]
  /** Takes over what the transaction of that place has found since it was last asked. */
  readonly takeFrom: (index: number) => void
}

/** What all transactions find, in the order in which they do. */
function gather(transactions: readonly Transaction[]): Gathered {
  const taken = transactions.map(() => ({ rules: 0, matches: 0 }))
  const rules: number[] = []
  const matches: Match[] = []
  return {
    rules,
    matches,
    takeFrom(index) {
      const [from, known] = [transactions[index], taken[index]]
      if (from === undefined || known === undefined) return
      if (from.matchedRules.size > known.rules) rules.push(...[...from.matchedRules].slice(known.rules))
      if (from.matches.length > known.matches) matches.push(...from.matches.slice(known.matches))
      known.rules = from.matchedRules.size
      known.matches = from.matches.length
    },
  }
}

function statusOf({ status }: Interruption): number {
  return status >= refusedStatusMin && status <= refusedStatusMax ? status : forbidden
}

/** Mode `block` would have ended at the rule that blocks. That rule may be silent (`nolog`); then everything up to the end of its
 *  phase is given. `before`: how many rules were known before that phase. */
function detectionOf(would: Interruption, rules: readonly number[], before: number): Detection {
  const last = rules.indexOf(would.ruleId, before)
  return { status: statusOf(would), rules: rules.slice(0, last === -1 ? rules.length : last + 1) }
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
