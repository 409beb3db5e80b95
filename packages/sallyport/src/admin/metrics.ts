/** Figures of the edge in the text format of Prometheus. What is counted comes from decisions, so that log and metrics cannot disagree. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { DecisionRecord } from '../edge/decision-log.ts'

export interface Metrics {
  readonly record: (decision: DecisionRecord) => void
  readonly dropped: (lines: number) => void
  readonly refusedForLog: () => void
  readonly reloaded: (outcome: 'done' | 'refused') => void
  readonly text: () => Promise<string>
  readonly contentType: string
}

/** Seconds: from what the rules cost to what an upstream may take. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Seconds inside the rule engine. */
const wafBuckets = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1]
const microsPerSecond = 1_000_000
const millisPerSecond = 1000

/** `connections`: how many are open, asked when somebody reads. */
export function createMetrics(connections: () => number): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const decisions = new Counter({
    name: 'sallyport_decisions_total',
    help: 'Requests and connections decided on, by verdict and reason; reason is empty where the upstream answered.',
    labelNames: ['kind', 'listener', 'verdict', 'reason'],
    registers,
  })
  new Gauge({
    name: 'sallyport_connections',
    help: 'Client connections that are open.',
    registers,
    collect() {
      this.set(connections())
    },
  })
  const seconds = (name: string, help: string, buckets: readonly number[]): Histogram =>
    new Histogram({ name, help, buckets: [...buckets], registers })
  const total = seconds(
    'sallyport_request_seconds',
    'From the head of a request to the end of its answer.',
    secondsBuckets,
  )
  const waf = seconds('sallyport_waf_seconds', 'Inside the rule engine, a request.', wafBuckets)
  const upstream = seconds('sallyport_upstream_seconds', 'From sending to the head of the answer.', secondsBuckets)
  const dropped = new Counter({
    name: 'sallyport_log_lines_dropped_total',
    help: 'Lines of the decision log lost to a slow reader or a full disk.',
    registers,
  })
  const refusedForLog = new Counter({
    name: 'sallyport_log_requests_refused_total',
    help: 'Requests refused with 503 because the decision log could not take their line.',
    registers,
  })
  const reloads = new Counter({
    name: 'sallyport_reloads_total',
    help: 'Changes of configuration that were asked for.',
    labelNames: ['outcome'],
    registers,
  })
  return {
    record({ kind, listener, verdict, reason, micros, upstream: answered }) {
      decisions.inc({ kind, listener, verdict, reason: reason ?? '' })
      if (micros.total !== null) total.observe(micros.total / microsPerSecond)
      if (micros.waf !== null) waf.observe(micros.waf / microsPerSecond)
      if (answered?.ms !== null && answered !== null) upstream.observe(answered.ms / millisPerSecond)
    },
    dropped: (lines) => dropped.inc(lines),
    refusedForLog: () => refusedForLog.inc(),
    reloaded: (outcome) => reloads.inc({ outcome }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
