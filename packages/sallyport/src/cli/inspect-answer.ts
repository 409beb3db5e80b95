/** One answer of `sallyport inspect`: a question judged by the rule sets, as the object that becomes a line. Fields and their order
 *  are the contract's. */
import type { Match, RequestHead } from '@sallyport/seclang'
import { requestHead } from '../edge/request-head.ts'
import { beginJudgement, type Findings, type NamedRuleSet } from '../waf/judge.ts'
import type { Id, Question, ResponseParts } from './inspect-question.ts'
import type { Front } from './inspect-raw.ts'

export type Answer = Verdict | { readonly id: Id; readonly error: string }

interface Verdict {
  readonly id: Id
  readonly verdict: 'allow' | 'block' | 'reject'
  /** What the client is answered; 200 where nothing is refused. */
  readonly status: number
  readonly score: number | null
  readonly rules: readonly number[]
  readonly matches: readonly Match[]
  readonly detected: { readonly verdict: 'block'; readonly rules: readonly number[] } | null
  readonly micros: number
}

/** Addresses for documentation (RFC 5737): some rules trust the loopback, and a request offline comes from nowhere. */
const client = { address: '192.0.2.1', port: 50_000 }
const server = { address: '192.0.2.2', port: 443 }
const passed = 200

/** Never rejects: should the engine fail on a request, its line says so and the run goes on. */
export async function answerTo(question: Question, ruleSets: readonly NamedRuleSet[], front: Front): Promise<Answer> {
  const { id } = question
  if ('error' in question) return question
  try {
    return await judged(question, ruleSets, front)
  } catch (error) {
    return { id, error: `the engine failed: ${error instanceof Error ? error.message : String(error)}` }
  }
}

async function judged(
  question: Exclude<Question, { readonly error: string }>,
  ruleSets: readonly NamedRuleSet[],
  front: Front,
): Promise<Verdict> {
  const { id } = question
  if ('parts' in question) {
    const { method, target, headers, body, response } = question.parts
    return verdict(
      id,
      judge(ruleSets, { client, server, method, target, protocol: 'HTTP/1.1', headers }, body, response),
    )
  }
  const fronted = await front(question.raw)
  if ('refused' in fronted) return verdict(id, unjudged(fronted.refused))
  const { request } = fronted
  return verdict(id, judge(ruleSets, requestHead(request, client, server), request.body, null))
}

/** All phases that there is something for; phase 5 whatever happened. */
function judge(
  ruleSets: readonly NamedRuleSet[],
  head: RequestHead,
  body: Uint8Array | null,
  response: ResponseParts | null,
): Findings {
  const judgement = beginJudgement(ruleSets, head)
  judgement.requestHeaders()
  judgement.requestBody(body)
  if (response !== null) {
    judgement.responseHeaders({ status: response.status, protocol: 'HTTP/1.1', headers: response.headers })
    judgement.responseBody(response.body ?? nothing)
  }
  return judgement.finish()
}

const nothing = new Uint8Array(0)

function unjudged(status: number): Findings {
  return { stop: { verdict: 'reject', status }, rules: [], matches: [], detected: null, score: null, micros: 0 }
}

function verdict(id: Id, { stop, score, rules, matches, detected, micros }: Findings): Verdict {
  return {
    id,
    verdict: stop?.verdict ?? 'allow',
    status: stop?.status ?? passed,
    score,
    rules,
    matches,
    detected: detected === null ? null : { verdict: 'block', rules: detected.rules },
    micros: Math.round(micros * 10) / 10,
  }
}
