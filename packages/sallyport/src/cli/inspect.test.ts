import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { inspectLineBytesMax } from '../edge/bounds.ts'

const bin = join(import.meta.dirname, '../../bin/sallyport.js')
const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text, 'latin1')
  return path
}

const rules = file(
  'rules.conf',
  `SecRule ARGS "@contains evil" "id:1,phase:2,deny,status:418,log,severity:CRITICAL,msg:'Evil',logdata:'%{MATCHED_VAR}',\\
  tag:'attack',setvar:tx.blocking_inbound_anomaly_score=5"
SecRule RESPONSE_STATUS "@eq 500" "id:2,phase:3,deny,log"
SecRule RESPONSE_BODY "@contains secret" "id:3,phase:4,deny,log"
`,
)

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(args: readonly string[], nodeFlags: readonly string[] = []): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [...nodeFlags, bin, 'inspect', ...args])
  child.stdin.on('error', () => undefined)
  return child
}

async function run(args: readonly string[], input: string | Buffer = ''): Promise<Ended> {
  const child = start(args)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code, out, err }
}

/** Answers, without the time, which no test may depend on. */
function answers(out: string): Record<string, unknown>[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { micros, ...rest } = JSON.parse(line)
      if (rest.error === undefined) assert.ok(typeof micros === 'number' && micros >= 0)
      return rest
    })
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
const request = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
const raw = (id: string, target: string): string => `${JSON.stringify({ id, raw: base64(request(target)) })}\n`

const allowed = { verdict: 'allow', status: 200, score: null, rules: [], matches: [], detected: null }
const rejected = { ...allowed, verdict: 'reject' }
const match = {
  id: 1,
  phase: 2,
  severity: 'critical',
  message: 'Evil',
  data: 'evil',
  tags: ['attack'],
  variable: 'ARGS:q',
  value: 'evil',
}
const blocked = { verdict: 'block', status: 418, score: 5, rules: [1], matches: [match], detected: null }

test('a raw request on standard input is judged, its fields in the order of the contract', async () => {
  const { code, out, err } = await run(['--rules', rules], request('/?q=evil'))
  assert.deepEqual([code, err], [0, ''])
  assert.deepEqual(answers(out), [{ id: null, ...blocked }])
  assert.deepEqual(Object.keys(JSON.parse(out)), [
    ...['id', 'verdict', 'status', 'score', 'rules', 'matches', 'detected', 'micros'],
  ])
  assert.deepEqual(Object.keys(JSON.parse(out).matches[0]), Object.keys(match))
})

test('a raw request in a file is judged', async () => {
  const path = file('request.http', request('/?q=good'))
  const { code, out } = await run(['--rules', rules, path])
  assert.deepEqual([code, answers(out)], [0, [{ id: null, ...allowed }]])
})

test('lines are answered in order, raw or in parts, and a bad one does not end the run', async () => {
  const parts = { method: 'POST', target: '/', headers: [['content-type', 'application/x-www-form-urlencoded']] }
  const response = { status: 200, headers: [['content-type', 'text/plain']], body: base64('a secret') }
  const input = [
    raw('raw', '/?q=evil'),
    `${JSON.stringify({ id: 'parts', ...parts, body: base64('q=evil') })}\n`,
    'no json\n',
    '\n',
    `${JSON.stringify({ id: 7, raw: base64('GET /') })}\n`,
    `${JSON.stringify({ ...parts, target: '/?q=good' })}\n`,
    `${JSON.stringify({ id: 'head', ...parts, response: { status: 500, headers: [] } })}\n`,
    `${JSON.stringify({ id: 'body', ...parts, response })}\n`,
    JSON.stringify({ id: 'wide', ...parts, headers: [['x', '\u0100']] }),
  ]
  const { code, out, err } = await run(['--rules', rules, '--ndjson'], input.join(''))
  assert.deepEqual([code, err], [1, ''])
  const at = answers(out)
  assert.deepEqual(at.slice(0, 5), [
    { id: 'raw', ...blocked },
    { id: 'parts', ...blocked },
    { id: null, error: 'the line is not JSON' },
    { id: 7, ...rejected, status: 400 },
    { id: null, ...allowed },
  ])
  assert.deepEqual(
    at.slice(5).map(({ id, verdict, rules }) => [id, verdict, rules]),
    [
      ['head', 'block', [2]],
      ['body', 'block', [3]],
      ['wide', undefined, undefined],
    ],
  )
})

test('with --mode detect nothing is blocked, and the answer says what would have been', async () => {
  const { out } = await run(['--rules', rules, '--mode', 'detect', '--ndjson'], raw('a', '/?q=evil') + raw('b', '/'))
  assert.deepEqual(answers(out), [
    { id: 'a', ...blocked, verdict: 'allow', status: 200, detected: { verdict: 'block', rules: [1] } },
    { id: 'b', ...allowed },
  ])
})

test('several rule sets judge, with before and after around each', async () => {
  const before = file('before.conf', 'SecAction "id:10,phase:1,pass,log"\n')
  const removes = file('after.conf', 'SecRuleRemoveById 1\n')
  const flags = ['--rules', rules, '--rules', rules, '--before', before, '--after', removes]
  const { code, out } = await run(flags, request('/?q=evil'))
  assert.equal(code, 0)
  assert.deepEqual(
    answers(out).map(({ verdict, rules }) => [verdict, rules]),
    [['allow', [10, 10]]],
  )
})

test('with --config the rule sets are those of the file, and --mode beats theirs', async () => {
  const config = file('sallyport.yaml', `version: 1\nrules:\n  - { use: ${rules}, mode: detect }\n`)
  const ofFile = await run(['--config', config], request('/?q=evil'))
  assert.deepEqual(
    answers(ofFile.out).map(({ verdict, rules }) => [verdict, rules]),
    [['allow', [1]]],
    ofFile.err,
  )
  const blocking = await run(['--config', config, '--mode', 'block'], request('/?q=evil'))
  assert.deepEqual(answers(blocking.out), [{ id: null, ...blocked }])
})

test('a line is answered before the next is sent', async () => {
  const child = start(['--rules', rules, '--ndjson'])
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  for (const id of ['a', 'b', 'c']) {
    child.stdin.write(raw(id, '/'))
    assert.equal(JSON.parse((await lines.next()).value ?? '').id, id)
  }
  child.stdin.end()
  assert.equal((await once(child, 'exit'))[0], 0)
})

test('a line over the bound is an error, and the next is judged', async () => {
  const long = Buffer.alloc(inspectLineBytesMax + 1, 'x')
  const { code, out } = await run(
    ['--rules', rules, '--ndjson'],
    Buffer.concat([long, Buffer.from(`\n${raw('a', '/')}`)]),
  )
  assert.equal(code, 1)
  assert.deepEqual(answers(out), [
    { id: null, error: `the line is longer than ${inspectLineBytesMax} bytes` },
    { id: 'a', ...allowed },
  ])
})

test('a body over the bound is rejected with 413, in either form', async () => {
  const body = 'x'.repeat(1_048_577)
  const whole = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const lines = [
    { id: 'raw', raw: base64(whole) },
    { id: 'parts', method: 'POST', target: '/', headers: [], body: base64(body) },
  ]
  const { code, out } = await run(['--rules', rules, '--ndjson'], lines.map((line) => JSON.stringify(line)).join('\n'))
  assert.equal(code, 0)
  assert.deepEqual(
    answers(out),
    lines.map(({ id }) => ({ id, ...rejected, status: 413 })),
  )
})

test('a reader that leaves ends the run without a word', async () => {
  const child = start(['--rules', rules, '--ndjson'])
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.write(raw('a', '/'))
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const ended = once(child, 'close')
  child.stdin.write(raw('b', '/').repeat(1000))
  assert.deepEqual([(await ended)[0], err], [1, ''])
})

test('sixty thousand lines are judged in memory that could not hold them', async () => {
  // 240 MB of lines. A small heap ends the process that keeps texts or answers, and leaves the collector no room of its own, so
  // that the resident memory shows bytes that are kept beside the heap.
  const child = start(['--rules', rules, '--ndjson'], ['--max-old-space-size=64', '--max-semi-space-size=8'])
  const ended = once(child, 'close')
  const line = raw('a', `/?${'q=evil&'.repeat(50)}${'padding'.repeat(500)}`)
  const total = 60_000
  const write = async (): Promise<void> => {
    for (let sent = 0; sent < total && child.exitCode === null; sent++)
      if (!child.stdin.write(line)) await Promise.race([once(child.stdin, 'drain'), ended])
    child.stdin.end()
  }
  const writing = write()
  let [count, early, late] = [0, 0, 0]
  for await (const _ of createInterface({ input: child.stdout })) {
    count++
    if (count === total / 3) early = residentKiB(child.pid)
    if (count === total - 100) late = residentKiB(child.pid)
  }
  await writing
  assert.deepEqual([(await ended)[0], count], [0, total])
  const growthMaxKiB = 96 * 1024
  assert.ok(late - early < growthMaxKiB, `resident memory went from ${early} to ${late} KiB`)
})

function residentKiB(pid: number | undefined): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
}

const broken = file('broken.conf', 'SecRule ARGS "@nonsense x" "id:1,deny"\n')
const wrong: readonly { why: string; args: string[]; says: RegExp }[] = [
  { why: 'a rule that cannot be used', args: ['--rules', broken], says: /broken\.conf:1:\d+: .*nonsense/ },
  { why: 'a rule file that is not there', args: ['--rules', join(folder, 'none')], says: /cannot read .*none: ENOENT/ },
  { why: 'a directory that is no release', args: ['--rules', folder], says: /no unpacked CRS release/ },
  {
    why: 'an input that is not there',
    args: ['--rules', rules, join(folder, 'none')],
    says: /cannot read .*none: ENOENT/,
  },
  { why: 'an input that is a directory', args: ['--rules', rules, folder], says: /cannot read .*EISDIR/ },
  { why: 'a before that is not there', args: ['--rules', rules, '--before', 'none'], says: /cannot read none: ENOENT/ },
  { why: 'a configuration that is not there', args: ['--config', join(folder, 'none.yaml')], says: /none\.yaml/ },
  {
    why: 'a configuration beside a rule set',
    args: ['--config', 'sallyport.yaml', '--rules', rules],
    says: /--rules beside --config: /,
  },
  { why: 'a paranoia level that there is not', args: ['--paranoia', '5'], says: /a level from 1 to 4/ },
  { why: 'an unknown profile', args: ['--profile', 'web'], says: /api.*stock/ },
  { why: 'an unknown mode', args: ['--mode', 'off'], says: /detect.*block/ },
  { why: 'a misspelt flag', args: ['--rule', rules], says: /did you mean .*--rules/ },
  { why: 'two inputs', args: ['--rules', rules, 'a', 'b'], says: /Too many arguments/ },
]
for (const { why, args, says } of wrong) {
  test(`${why} is said in one line, exit 2`, async () => {
    const { code, out, err } = await run(args)
    assert.deepEqual([code, out, err.trimEnd().split('\n').length], [2, '', 1])
    assert.match(err, says)
  })
}

test('what deserves a look in a rule file is a warning with its place, and no error', async () => {
  const path = file('warned.conf', 'SecRuleRemoveById 12345\n')
  const { code, err } = await run(['--rules', path], request('/'))
  assert.equal(code, 0)
  assert.match(err, /^\S*warned\.conf:1:1: warning: .*12345.*\n$/)
})
