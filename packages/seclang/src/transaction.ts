/** One exchange judged by one rule set: phases run in order, matches come out, and at most one interruption. */

import type { ParsedBody, ProcessorName } from './bodies/body.ts'
import { matchesMax } from './bounds.ts'
import type { Exchange } from './exchange.ts'
import { describeMatch, type Match } from './match.ts'
import type { PersistentRecord, PersistentStore } from './persistent.ts'
import { couldMatch } from './prefilter.ts'
import type { CompiledRule, Link, LinkCondition, Program } from './rule-set.ts'
import type { Exclusion, Mode, PersistentName, Phase, State } from './state.ts'
import { type TxValue, TxVariables } from './tx.ts'
import { makeValue, transformed, type Variable } from './value.ts'

/** What the server is to do instead of going on. */
export interface Interruption {
  readonly kind: 'deny' | 'drop' | 'redirect'
  readonly ruleId: number
  readonly status: number
  /** Where to, for `redirect`. */
  readonly url: string | null
}

const severityNone = 255

/** Call the phases in their order, `requestHeaders` first and `finish` last; any between may be left out. A call out of order
 *  is a `TypeError`, the only exception here: no bytes of a request can cause one. */
export class Transaction implements State {
  readonly exchange: Exchange
  readonly tx: TxVariables
  readonly persistent: PersistentStore
  readonly records: Map<PersistentName, PersistentRecord> = new Map()
  readonly memo: Map<string, readonly Variable[]> = new Map()
  phase: Phase = 1
  mode: Mode
  processor: ProcessorName | null
  requestBodyAccess = true
  responseBodyAccess = true
  forcesRequestBody = false
  matched: Variable | null = null
  matchedAll: Variable[] = []
  highestSeverity: number = severityNone
  geo: Readonly<Record<string, string>> | null = null
  sessionId = ''
  userId = ''

  /** In mode `block`, the first interruption; the phases up to 4 then run no more. */
  interruption: Interruption | null = null
  /** In mode `detect`, the interruption that there would have been: the first that no `allow` would have gone before. */
  detected: Interruption | null = null
  readonly matches: Match[] = []
  /** Ids of logging rules that matched, in order, each once. */
  readonly matchedRules: Set<number> = new Set()

  readonly #program: Program
  /** A rule with a 1 runs no more in this transaction. */
  #removed: Uint8Array | null = null
  #exclusions: Map<number, Set<Exclusion>> | null = null
  /** How far an `allow` reaches: from here to the end of this phase. */
  #allowedUntil: Phase | null = null
  #begun = false
  readonly #captures: string[] = []

  constructor(program: Program, exchange: Exchange) {
    this.#program = program
    this.exchange = exchange
    this.tx = new TxVariables(program.layout)
    this.persistent = program.persistent
    this.mode = program.mode
    this.processor = exchange.defaultProcessor
  }

  /** Phase 1: line and headers are known. */
  requestHeaders(): Interruption | null {
    return this.#run(1)
  }

  /** Phase 2: the whole body, if there is one, has been given to the exchange. */
  requestBody(): Interruption | null {
    return this.#run(2)
  }

  /** Phase 3: the exchange has the response's head. */
  responseHeaders(): Interruption | null {
    return this.#run(3)
  }

  /** Phase 4: the exchange has the response's body, as far as it is inspected. */
  responseBody(): Interruption | null {
    return this.#run(4)
  }

  /** Phase 5: runs whatever happened before, unless nothing did (an exchange that was refused at once); interrupts nothing. */
  finish(): void {
    if (this.#begun) this.#run(5)
  }

  /** Whether phase 4 wants this response's body: by its media type, and unless a rule said no. */
  wantsResponseBody(): boolean {
    const [type = ''] = this.exchange.responseHeader('content-type').toLowerCase().split(';', 1)
    if (!this.responseBodyAccess || this.mode === 'off' || this.#ended(4)) return false
    const { responseTypes } = this.#program
    return responseTypes.has(type.trim()) || responseTypes.has(typeBySuffix(type.trim()))
  }

  /** A TX variable as it is now, such as `blocking_inbound_anomaly_score`; undefined where it is unset. */
  readTx(name: string): TxValue {
    return this.tx.get(name.toLowerCase())
  }

  body(): ParsedBody | null {
    return this.phase >= 2 && this.requestBodyAccess ? this.exchange.parsedBody(this.processor) : null
  }

  removeRules(rules: readonly number[]): void {
    this.#removed ??= new Uint8Array(this.#program.ruleCount)
    for (const rule of rules) this.#removed[rule] = 1
  }

  removeTargets(rules: readonly number[], exclusion: Exclusion): void {
    this.#exclusions ??= new Map()
    for (const rule of rules) {
      const known = this.#exclusions.get(rule)
      // A set: a `ctl` that matches ten thousand arguments still takes out one target.
      if (known === undefined) this.#exclusions.set(rule, new Set([exclusion]))
      else known.add(exclusion)
    }
  }

  /** Whether rules of a phase run no more, by an interruption or an `allow` that is carried out. */
  #ended(phase: Phase): boolean {
    return phase !== 5 && (this.interruption !== null || (this.mode === 'block' && this.#isAllowed(phase)))
  }

  #isAllowed(phase: Phase): boolean {
    return this.#allowedUntil !== null && phase <= this.#allowedUntil
  }

  #run(phase: Phase): Interruption | null {
    // What is known when compiling rests on the order; phases may be left out, but none comes back.
    if (this.#begun ? phase <= this.phase : phase !== 1)
      throw new TypeError(`phase ${phase} does not follow phase ${this.#begun ? this.phase : 0} of a transaction`)
    this.#begun = true
    this.phase = phase
    this.memo.clear()
    if (this.#ended(phase)) return this.interruption
    const rules = this.#program.phases[phase]
    let index = 0
    while (index < rules.length && this.mode !== 'off') {
      const rule = rules[index] as CompiledRule
      index++
      if (this.#removed !== null && this.#removed[rule.number] === 1) continue
      if (!this.#evaluate(rule)) continue
      if (rule.jump !== -1) index = rule.jump
      if (rule.disruption.kind !== 'pass' && this.#disrupt(rule)) break
    }
    return this.interruption
  }

  /** Does the whole chain match? Effects of each link happen as it matches. */
  #evaluate(rule: CompiledRule): boolean {
    // Most rules match nothing: no list is made for them.
    if (this.matchedAll.length > 0) this.matchedAll = []
    const alone = rule.links.length === 1
    let head: Variable | null = null
    for (let number = 0; number < rule.links.length; number++) {
      const link = rule.links[number] as Link
      if (link.condition === null) {
        for (const effect of link.effects) effect(this)
        if (alone) this.#log(rule, null)
        continue
      }
      const last = this.#matchLink(rule, link, link.condition, number, alone)
      if (last === null) return false
      if (number === 0) head = last
    }
    // A chain speaks once, when it is whole: its texts may use what its last link matched.
    if (!alone) this.#log(rule, head)
    if (rule.severityNumber !== -1) this.highestSeverity = Math.min(this.highestSeverity, rule.severityNumber)
    return true
  }

  /** The last variable that a link matched, or null. */
  #matchLink(
    rule: CompiledRule,
    link: Link,
    condition: LinkCondition,
    number: number,
    alone: boolean,
  ): Variable | null {
    let last: Variable | null = null
    const exclusions = number === 0 ? this.#exclusions?.get(rule.number) : undefined
    // What is read is a list of its own: matches may change MATCHED_VARS and TX meanwhile.
    for (const variable of condition.read(this)) {
      if (exclusions !== undefined && isExempt(variable, exclusions)) continue
      for (const text of this.#matchingTexts(condition, variable)) {
        this.matched = text === variable.value.text ? variable : { ...variable, value: makeValue(text) }
        this.matchedAll.push(this.matched)
        for (const effect of link.effects) effect(this)
        if (alone) this.#log(rule, variable)
        last = variable
      }
    }
    return last
  }

  /** The texts of a variable that match: what its chain makes of it, or with `multiMatch` what each transformation does. */
  #matchingTexts(condition: LinkCondition, variable: Variable): readonly string[] {
    const { chain, steps, negated } = condition
    if (steps === null) {
      const text = transformed(variable.value, chain)
      return this.#test(condition, variable, text) !== negated ? [text] : noTexts
    }
    const texts: string[] = []
    let before: string | null = null
    for (const step of steps) {
      const text = transformed(variable.value, step)
      if (text !== before && this.#test(condition, variable, text) !== negated) texts.push(text)
      before = text
    }
    return texts
  }

  #test(condition: LinkCondition, variable: Variable, text: string): boolean {
    const { prefilter } = this.#program
    if (condition.filter !== -1 && prefilter !== null && !couldMatch(prefilter, variable.value, text, condition.filter))
      return false
    if (!condition.capture) return condition.test(text, null, this)
    if (!condition.test(text, this.#captures, this)) return false
    this.tx.capture(this.#captures)
    return true
  }

  /** Carries out a disruptive action; true where the phase ends here. */
  #disrupt(rule: CompiledRule): boolean {
    const { disruption } = rule
    // Phase 5 is for the log: what came before it is done.
    if (disruption.kind === 'pass' || this.phase === 5) return false
    if (disruption.kind === 'allow') {
      const until = allowedUntil(disruption.scope, this.phase)
      // In mode `detect` it is noted alone: blocking would not have come to what follows.
      if (!this.#isAllowed(until)) this.#allowedUntil = until
      return this.mode === 'block'
    }
    if (this.mode !== 'block' && (this.detected !== null || this.#isAllowed(this.phase))) return false
    const interruption: Interruption = {
      kind: disruption.kind,
      ruleId: rule.id,
      status: rule.status,
      url: disruption.kind === 'redirect' ? disruption.url(this) : null,
    }
    if (this.mode === 'block') {
      this.interruption = interruption
      return true
    }
    this.detected = interruption
    return false
  }

  /** Notes a match of a rule that logs; `variable` is what its head matched. */
  #log(rule: CompiledRule, variable: Variable | null): void {
    if (!rule.log) return
    this.matchedRules.add(rule.id)
    if (this.matches.length < matchesMax) this.matches.push(describeMatch(rule, variable, this))
  }
}

const noTexts: readonly string[] = []

/** What a type's suffix says that it is written in (RFC 6838 §4.2.8): `application/problem+json` is JSON; '' for all others. */
function typeBySuffix(type: string): string {
  if (!type.startsWith('application/')) return ''
  if (type.endsWith('+json')) return 'application/json'
  return type.endsWith('+xml') ? 'application/xml' : ''
}

/** ModSecurity reference, "allow": this phase; the phases of the request; all phases but the log. */
function allowedUntil(scope: 'phase' | 'request' | 'all', phase: Phase): Phase {
  if (scope === 'phase' || (scope === 'request' && phase > 2)) return phase
  return scope === 'request' ? 2 : 4
}

function isExempt(variable: Variable, exclusions: ReadonlySet<Exclusion>): boolean {
  for (const exclusion of exclusions) if (exclusion(variable)) return true
  return false
}
