import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { type Logging, logging } from './logging-edge.ts'
import { temporaryFolder } from './program.ts'

/** So that a few hundred lines fill what the edge keeps of them. */
const longPath = `/${'a'.repeat(16_000)}`
const requestsMax = 2000

/** Asks, twenty at a time, until an answer or a line satisfies; gives how often each status was seen. */
async function askUntil(edge: Logging, enough: (status: number) => boolean): Promise<Map<number, number>> {
  const statuses = new Map<number, number>()
  let done = false
  let asked = 0
  const client = async (): Promise<void> => {
    while (!done && asked++ < requestsMax) {
      const { status } = await edge.ask(longPath)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      done ||= enough(status)
    }
  }
  await Promise.all(Array.from({ length: 20 }, client))
  return statuses
}

test('a reader of standard output that does not read costs lines, counted, and no request; when it reads on, the operator is told', async () => {
  await using edge = await logging('{ whenFull: drop }')
  const full = (): boolean => edge.err.some((line) => line.startsWith('decision log: '))
  assert.deepEqual([...(await askUntil(edge, full)).keys()], [200])
  assert.equal(
    await edge.said(/^decision log/),
    'decision log: standard output does not keep up: lines that find no room are dropped',
  )
  edge.out.resume()
  const again = await edge.said(/takes lines again/)
  const dropped = await edge.metric('sallyport_log_lines_dropped_total')
  assert.ok(dropped > 0)
  assert.equal(
    again,
    `decision log: standard output takes lines again; ${dropped} lines were dropped, 0 requests refused for it`,
  )
})

test('where the operator chose to refuse, a reader that does not read costs requests, and not a line of one that was served', async () => {
  await using edge = await logging('{ whenFull: refuse }')
  const statuses = await askUntil(edge, (status) => status === 503)
  assert.deepEqual([...statuses.keys()].sort(), [200, 503])
  assert.deepEqual(await edge.ask('/'), { status: 503, retryAfter: '1' })
  await edge.said(/^decision log: standard output does not keep up: requests are refused$/)
  const served = new Set<string>()
  const lines = createInterface({ input: edge.out })
  lines.on('line', (line) => {
    const { id, verdict } = JSON.parse(line)
    if (verdict === 'allow') served.add(id)
  })
  await edge.said(
    /^decision log: standard output takes lines again; \d+ lines were dropped, [1-9]\d* requests refused for it$/,
  )
  assert.equal((await edge.ask('/')).status, 200)
  const refused = await edge.metric('sallyport_log_requests_refused_total')
  assert.ok(refused > 0)
  edge.signal('SIGTERM')
  await once(lines, 'close')
  assert.equal(served.size, (statuses.get(200) ?? 0) + 1)
})

test('a reader that never reads does not keep a stopped edge alive, and the operator hears what was lost', async () => {
  await using edge = await logging('{ whenFull: drop }')
  const full = (): boolean => edge.err.some((line) => line.startsWith('decision log: '))
  await askUntil(edge, full)
  edge.signal('SIGTERM')
  await edge.said(/^decision log: standard output did not take its last \d+ bytes$/)
  assert.deepEqual(await edge.exit, [0, null])
})

test('a log on a device that is full refuses every request where none may go unlogged, and says why', async () => {
  await using edge = await logging('{ decisions: /dev/full, whenFull: refuse }')
  // Its line is the first that cannot be written.
  assert.equal((await edge.ask('/')).status, 200)
  await edge.said(
    /^decision log: \/dev\/full cannot be written \(ENOSPC: no space left on device, write\): requests are refused$/,
  )
  assert.equal((await edge.ask('/')).status, 503)
})

test('a disk that was full and has room again goes on with the log where it stopped, without a restart and without a torn line', async (t) => {
  const folder = temporaryFolder()
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'sallyport-test', disk], { stdio: 'ignore' })
  } catch {
    t.diagnostic('not shown here: mounting a small disk needs root')
    return
  }
  try {
    await using edge = await logging('{ decisions: disk/decisions.ndjson, whenFull: refuse }', folder)
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(1900 * 1024))
    const statuses = await askUntil(edge, (status) => status === 503)
    assert.deepEqual([...statuses.keys()].sort(), [200, 503])
    await edge.said(/^decision log: .*decisions\.ndjson cannot be written \(ENOSPC: .*\): requests are refused$/)
    unlinkSync(join(disk, 'ballast'))
    await edge.said(/^decision log: .*decisions\.ndjson takes lines again; /)
    assert.equal((await edge.ask('/')).status, 200)
    edge.signal('SIGTERM')
    assert.deepEqual(await edge.exit, [0, null])
    const lines = readFileSync(join(disk, 'decisions.ndjson'), 'utf8').trim().split('\n')
    assert.ok(lines.map((line) => JSON.parse(line).verdict).includes('allow'))
  } finally {
    execFileSync('umount', [disk])
  }
})
