/** The decision log: one JSON object a line, the fields of the contract in its order. What no stage knows yet is null. */
import type { Findings } from '../waf/judge.ts'
import type { Decision, Reason, Verdict } from './decision.ts'
import type { EdgeRequest } from './request.ts'

export interface DecisionRecord {
  readonly time: string
  readonly id: string
  readonly kind: 'request' | 'connection'
  readonly listener: string
  readonly region: null
  readonly snapshot: null
  readonly client: { ip: string | null; country: null; asn: null; endpoint: null; account: null; key: null }
  /** Null where the bytes never became a request. */
  readonly request: { method: string; host: string | null; path: string; bytes: number; inspected: number } | null
  readonly verdict: Verdict
  readonly status: number | null
  readonly reason: Reason | null
  readonly rules: readonly number[]
  /** What rule sets in mode `detect` would have done. */
  readonly detected: { verdict: 'block'; reason: 'waf'; rules: readonly number[] } | null
  readonly micros: { waf: number | null; total: number | null }
  /** Null where nothing was handed to it. */
  readonly upstream: { status: number | null; ms: number | null } | null
  /** Of an answer whose body rules were given: how many bytes of it came, and how many they read (decoded). */
  readonly response: { bytes: number; inspected: number } | null
}

export type LogDecision = (record: DecisionRecord) => void

/** The record of a request that went through the stages. Its query is left out: keys and names travel there. `findings` is null
 *  where no rule set was asked. */
export function requestRecord(request: EdgeRequest, decision: Decision, findings: Findings | null): DecisionRecord {
  const detected = findings?.detected ?? null
  const { method, host, path, answer, upstreamMs, answerBytes: bytes, answerInspectedBytes: inspected } = request
  // An answer that rules refused has been an answer.
  const handed = decision.verdict === 'allow' || answer !== null
  return {
    ...outline(request.id, 'request', request.listener, request.ip, decision),
    request: { method, host, path, bytes: request.bodyBytes, inspected: request.inspectedBytes },
    rules: findings?.rules ?? [],
    detected: detected === null ? null : { verdict: 'block', reason: 'waf', rules: detected.rules },
    micros: { waf: rounded(findings?.micros ?? null), total: rounded((performance.now() - request.startedAt) * 1000) },
    upstream: handed ? { status: answer?.status ?? null, ms: rounded(upstreamMs) } : null,
    response: inspected === null ? null : { bytes, inspected },
  }
}

/** The record of bytes that never became a request. */
export function refusalRecord(
  id: string,
  kind: 'request' | 'connection',
  listener: string,
  ip: string | null,
  decision: Decision,
): DecisionRecord {
  return {
    ...outline(id, kind, listener, ip, decision),
    request: null,
    micros: { waf: null, total: null },
    upstream: null,
    response: null,
  }
}

/** The fields that every record has; those that follow `request` are put in their place by the caller. */
function outline(id: string, kind: 'request' | 'connection', listener: string, ip: string | null, decision: Decision) {
  return {
    time: new Date().toISOString(),
    id,
    kind,
    listener,
    region: null,
    snapshot: null,
    client: { ip, country: null, asn: null, endpoint: null, account: null, key: null },
    request: null,
    verdict: decision.verdict,
    status: decision.status,
    reason: decision.reason,
    rules: [],
    detected: null,
  } as const
}

/** One decimal is as exact as the clock is honest. */
function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10
}
