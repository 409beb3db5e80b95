/** What a decision came of: the stage that decided, and each rule with its message and its place. As data and as text. */
import type { Reason } from '../edge/decision.ts'
import type { NamedRuleSet } from '../waf/judge.ts'
import type { LoggedDecision } from './explain-find.ts'

/** A rule that matched; all but its id null where no rule set at hand has it. */
export interface ExplainedRule {
  readonly id: number
  readonly ruleSet: string | null
  readonly file: string | null
  readonly line: number | null
  readonly phase: number | null
  readonly message: string | null
}

export interface Explanation {
  readonly decision: LoggedDecision
  /** By its name in the picture of the path (README.md); null where what was logged does not tell. */
  readonly stage: string | null
  readonly rules: readonly ExplainedRule[]
  /** Of rule sets in mode `detect`: what would have blocked. Empty: nothing. */
  readonly detected: readonly ExplainedRule[]
}

/** Several rule sets may use one id: each that has it is named. */
export function explain(decision: LoggedDecision, ruleSets: readonly NamedRuleSet[]): Explanation {
  const rules = decision.rules.flatMap((id) => placesOf(id, ruleSets))
  const detected = decision.detected?.rules.flatMap((id) => placesOf(id, ruleSets)) ?? []
  return { decision, stage: stageOf(decision, rules), rules, detected }
}

function placesOf(id: number, ruleSets: readonly NamedRuleSet[]): readonly ExplainedRule[] {
  const places = ruleSets.flatMap(({ name, ruleSet }) => {
    const place = ruleSet.describe(id)
    return place === null ? [] : [{ id, ruleSet: name, ...place }]
  })
  return places.length > 0 ? places : [{ id, ruleSet: null, file: null, line: null, phase: null, message: null }]
}

const tooLarge = 413
const encoded = 415

function stageOf(decision: LoggedDecision, rules: readonly ExplainedRule[]): string | null {
  const { request, status, reason } = decision
  if (reason === 'waf') return phaseStage(rules)
  if (reason === 'upstream') return upstreamStage(decision)
  if (reason === 'protocol') {
    if (request === null) return 'TLS or framing'
    // The engine's own bounds refuse too (a form with too many fields): then it is the WAF that read no further.
    return status === tooLarge || status === encoded ? 'body' : 'HTTP, body or the bounds of the rule engine'
  }
  return reason === null ? 'upstream' : (stages[reason as Elsewhere] ?? null)
}

/** No answer came; or one did, of which nothing could be passed on; or it broke off, and its client has its status. */
function upstreamStage({ status, upstream = null }: LoggedDecision): string {
  if (upstream === null || upstream.status === null) return 'upstream'
  return upstream.status === status ? 'respond' : 'answer or respond'
}

/** The rule that blocked is the last before phase 5, which only counts and logs; a silent one is not in the log. No phase where that
 *  rule is in no rule set at hand, or in two with different phases: better nothing than the wrong place. */
function phaseStage(rules: readonly ExplainedRule[]): string {
  const last = rules.findLast(({ phase }) => phase !== 5)
  const phases = new Set(rules.filter(({ id }) => id === last?.id).map(({ phase }) => phase))
  const [phase = null] = phases
  return phase === null || phases.size > 1 ? 'WAF' : `WAF ph.${phase}`
}

/** Reasons that one stage alone decides. */
type Elsewhere = Exclude<Reason, 'waf' | 'protocol' | 'upstream'>

const stages: Readonly<Record<Elsewhere, string | null>> = {
  route: 'route',
  block: 'blocks',
  binding: 'bindings',
  limit: 'limits',
  policy: 'policy',
  schema: 'schema',
  endpoint: 'identify',
  overload: 'accept',
  internal: null,
}

/** Lines for people. */
export function explanationText({ decision, stage, rules, detected }: Explanation): string {
  const { id, time, request, client, listener, verdict, status, reason, response = null } = decision
  const { method = '', host = null, path = '', bytes = 0, inspected = 0 } = request ?? {}
  const asked = request === null ? 'bytes that never became a request' : `${method} ${host ?? '(no host)'}${path}`
  const body = request === null || bytes === 0 ? [] : [`body      ${bytes} bytes, ${inspected} of them inspected`]
  const answer = response === null ? [] : [`answer    ${response.bytes} bytes, ${response.inspected} of them inspected`]
  return [
    `decision  ${id}, ${time}`,
    `request   ${asked}`,
    ...body,
    ...answer,
    `client    ${client.ip ?? 'unknown'}, by listener ${listener}`,
    `verdict   ${verdict}${status === null ? '' : ` ${status}`}${reason === null ? '' : `, reason ${reason}`}`,
    `stage     ${stage ?? 'not in the log'}`,
    ...ruleLines('rules', rules),
    ...ruleLines('detected (by rule sets that do not block)', detected),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('')
}

function ruleLines(title: string, rules: readonly ExplainedRule[]): readonly string[] {
  return rules.length === 0 ? [] : [title, ...rules.flatMap(linesOf)]
}

function linesOf({ id, ruleSet, file, line, phase, message }: ExplainedRule): readonly string[] {
  if (file === null) return [`  ${id}  in none of these rule sets: give --config the file that the edge ran with`]
  return [`  ${id}  ${message === '' ? '(no message)' : message}`, `    ${file}:${line}, phase ${phase}, ${ruleSet}`]
}

/** A path is what a stranger sent: it must not steer the terminal of whoever reads it (CWE-150). */
function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
