import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, start, temporaryFolder } from './program.ts'

const folder = temporaryFolder()

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** As the edge writes it. */
function line(id: string, fields: object = {}): string {
  const request = { method: 'GET', host: 'a.example', path: '/api/x', bytes: 0, inspected: 0 }
  const client = { ip: '192.0.2.1', country: null, asn: null, endpoint: null, account: null, key: null }
  const decided = { verdict: 'allow', status: 200, reason: null, rules: [], detected: null }
  const micros = { waf: 10.5, total: 900 }
  const from = { kind: 'request', listener: 'public', region: null, snapshot: null }
  const time = '2026-11-24T12:00:00.000Z'
  return `${JSON.stringify({ time, id, ...from, client, request, ...decided, micros, upstream: null, ...fields })}\n`
}

const refused = { verdict: 'block', status: 403, reason: 'waf' }
const log = file(
  'decisions.ndjson',
  line('blocked', { ...refused, rules: [1003010] }) +
    line('mine', { ...refused, rules: [77] }) +
    '{"cut\n' +
    line('allowed', { request: { method: 'GET', host: 'a', path: '/"blocked"', bytes: 0, inspected: 0 } }) +
    '{"id":"strange"}\n',
)

interface Ended {
  readonly code: number | null
  readonly out: readonly string[]
  readonly err: readonly string[]
}

async function explain(...args: readonly string[]): Promise<Ended> {
  await using program = start([bin, 'explain', ...args])
  return { code: await program.exit, out: program.out, err: program.err }
}

test('explain prints the request, the stage that decided, and the built-in rule with its file and line', async () => {
  const { code, out, err } = await explain('blocked', '--log', log)
  assert.deepEqual([code, err], [0, []])
  assert.ok(out.includes('request   GET a.example/api/x'))
  assert.ok(out.includes('stage     WAF ph.2'))
  assert.match(
    out.join('\n'),
    /^ {2}1003010 {2}SQL injection\n {4}\/.*\/rules\/core\/40-sqli\.conf:\d+, phase 2, core$/m,
  )
})

test('explain takes the rules from a configuration, and answers in JSON', async () => {
  const own = file('own.conf', `\nSecRule ARGS "@rx a" "id:77,phase:1,deny,log,msg:'Mine'"\n`)
  const config = file(
    'sallyport.yaml',
    `version: 1\ndata: ./data\nlisteners: [{ name: public, kind: public, listen: 127.0.0.1:0 }]
upstreams: { api: { url: http://127.0.0.1:3000 } }\nroutes: [{ match: { path: / }, upstream: api }]
rules: [{ use: own.conf, mode: block }]\n`,
  )
  const { code, out, err } = await explain('mine', '--log', log, '--config', config, '--json')
  assert.deepEqual([code, err, out.length], [0, [], 1])
  const { decision, stage, rules, detected } = JSON.parse(out[0] ?? '')
  assert.deepEqual([decision.id, decision.micros.waf, stage, detected], ['mine', 10.5, 'WAF ph.1', []])
  assert.deepEqual(rules, [{ id: 77, ruleSet: own, file: own, line: 2, phase: 1, message: 'Mine' }])
})

test('explain finds an allowed request, whose path may look like another id', async () => {
  const { code, out } = await explain('allowed', '--log', log)
  assert.equal(code, 0)
  assert.ok(out.includes('verdict   allow 200'))
})

const failing: readonly { says: RegExp; args: readonly string[]; code: number; why: string }[] = [
  { why: 'an id that the log has not', args: ['nobody', '--log', log], code: 1, says: /has no decision "nobody"/ },
  { why: 'a part of an id', args: ['blocke', '--log', log], code: 1, says: /has no decision/ },
  { why: 'a line of another version', args: ['strange', '--log', log], code: 1, says: /no decision of this version/ },
  { why: 'a log that is not there', args: ['x', '--log', join(folder, 'none')], code: 2, says: /cannot read .*ENOENT/ },
  { why: 'a log that is a folder', args: ['x', '--log', folder], code: 2, says: /no regular file/ },
  { why: 'no log', args: ['x'], code: 2, says: /explain needs --log FILE/ },
]
for (const { why, args, code, says } of failing) {
  test(`explain answers ${why} in one line, and exits ${code}`, async () => {
    const ended = await explain(...args)
    assert.deepEqual([ended.code, ended.out, ended.err.length], [code, [], 1])
    assert.match(ended.err[0] ?? '', says)
  })
}
