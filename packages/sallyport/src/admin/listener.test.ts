import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { test } from 'node:test'
import { refusalRecord } from '../edge/decision-log.ts'
import { adminListener } from './listener.ts'
import { createMetrics } from './metrics.ts'

const anywhere = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const

async function ask(url: string | null, path: string, method = 'GET'): Promise<{ status: number; text: string }> {
  const sent = request(`${url}${path}`, { method, agent: false }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode ?? 0, text: Buffer.concat(await Array.fromAsync(answer)).toString() }
}

test('probes are told whether the edge lives and whether it takes requests', async () => {
  let ready = true
  const admin = adminListener({ ready: () => ready, metrics: createMetrics(() => 0) })
  assert.equal(admin.url(), null)
  ;(await admin.prepare(anywhere)).swap()
  const statusOf = async (path: string, method?: string) => (await ask(admin.url(), path, method)).status
  assert.deepEqual([await statusOf('/healthz'), await statusOf('/readyz')], [200, 200])
  ready = false
  assert.deepEqual([await statusOf('/healthz'), await statusOf('/readyz')], [200, 503])
  assert.deepEqual(
    [await statusOf('/'), await statusOf('/metrics', 'POST'), await statusOf('/healthz', 'HEAD')],
    [404, 405, 200],
  )
  admin.stop()
})

test('metrics count decisions by verdict and reason, and what was dropped', async () => {
  const metrics = createMetrics(() => 7)
  const admin = adminListener({ ready: () => true, metrics })
  ;(await admin.prepare(anywhere)).swap()
  const refused = { verdict: 'reject', status: 404, reason: 'route' } as const
  const record = refusalRecord('a', 'request', 'public', '192.0.2.1', refused)
  metrics.record({ ...record, micros: { waf: 40, total: 2000 }, upstream: { status: 200, ms: 3 } })
  metrics.record(record)
  metrics.dropped(3)
  metrics.refusedForLog()
  const { text } = await ask(admin.url(), '/metrics')
  for (const line of [
    'sallyport_decisions_total{kind="request",listener="public",verdict="reject",reason="route"} 2',
    'sallyport_connections 7',
    'sallyport_request_seconds_count 1',
    'sallyport_waf_seconds_sum 0.00004',
    'sallyport_upstream_seconds_sum 0.003',
    'sallyport_log_lines_dropped_total 3',
    'sallyport_log_requests_refused_total 1',
  ])
    assert.ok(text.includes(`\n${line}\n`), `${line} in\n${text}`)
  assert.doesNotMatch(text, /192\.0\.2\.1/)
  admin.stop()
})

test('a change of address closes the old one, and the same address stays open', async () => {
  const admin = adminListener({ ready: () => true, metrics: createMetrics(() => 0) })
  ;(await admin.prepare(anywhere)).swap()
  const first = admin.url()
  ;(await admin.prepare(anywhere)).swap()
  assert.equal(admin.url(), first)
  ;(await admin.prepare(null)).swap()
  assert.equal(admin.url(), null)
  await assert.rejects(ask(first, '/healthz'), { code: 'ECONNREFUSED' })
})
