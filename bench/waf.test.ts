import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { builtInRequests } from './requests.ts'
import { benchWaf, wafTable } from './waf.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
after(() => rmSync(folder, { recursive: true }))

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { encoding: 'utf8' })
}

test('the benchmark of the rule engine runs: the five built-in requests pass the core rules but for the attack', () => {
  const figures = benchWaf(['--iterations', '1'])
  assert.deepEqual(
    figures.map(({ request, rules }) => [request, rules.length > 0]),
    [
      ['get', false],
      ['form', false],
      ['json-1k', false],
      ['json-14k', false],
      ['attack', true],
    ],
  )
  assert.ok(figures.every(({ medianMicros, p99Micros }) => medianMicros > 0 && p99Micros >= medianMicros))
  const rows = wafTable(figures).trimEnd().split('\n')
  assert.deepEqual([rows.length, /^rule set +request +body bytes/.test(rows[0] ?? '')], [6, true])
})

test('the built-in requests have the sizes that their names say', () => {
  const bytes = builtInRequests().map(({ body }) => (body?.length ?? 0) / 1024)
  assert.deepEqual(bytes.map(Math.round), [0, 1, 1, 14, 0])
})

test('requests of a file are measured, and the answer is one line of JSON with date and machine', () => {
  const file = join(folder, 'requests.ndjson')
  const raw = 'POST /a?b=c HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
  writeFileSync(file, `${JSON.stringify({ id: 'mine', raw: Buffer.from(raw).toString('base64') })}\n\n`)
  const { status, stdout } = bench('waf', '--requests', file, '--iterations', '1', '--json')
  assert.equal(status, 0)
  const { benchmark, date, cpu, cores, figures } = JSON.parse(stdout)
  assert.deepEqual([benchmark, typeof date, typeof cpu, typeof cores], ['waf', 'string', 'string', 'number'])
  assert.deepEqual([figures.length, figures[0].request, figures[0].bytes], [1, 'mine', 2])
})

const broken = join(folder, 'broken.ndjson')
writeFileSync(broken, '\n{"id":"a","raw":"R0VU"}\n')
const failing: readonly { why: string; args: readonly string[]; says: RegExp }[] = [
  { why: 'no name', args: [], says: /no benchmark given/ },
  { why: 'an unknown name', args: ['nothing'], says: /no benchmark "nothing"/ },
  { why: 'an unknown option', args: ['waf', '--nothing'], says: /--nothing/ },
  { why: 'no number', args: ['waf', '--iterations', 'many'], says: /--iterations: write a number/ },
  { why: 'a file that is not there', args: ['waf', '--requests', join(folder, 'none')], says: /ENOENT/ },
  { why: 'a line that is no request', args: ['waf', '--requests', broken], says: /broken\.ndjson:2: no HTTP/ },
]
for (const { why, args, says } of failing) {
  test(`a benchmark with ${why} exits 2 and says how it is called`, () => {
    const { status, stderr } = bench(...args)
    assert.equal(status, 2)
    assert.match(stderr, says)
    assert.match(stderr, /usage: npm run bench/)
  })
}
