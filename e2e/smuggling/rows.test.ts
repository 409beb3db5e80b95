/** Attacks of published advisories, one row each; the numbers are those of the advisories that the attack was named after. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { edgeFront, edgeWithRules, type Front } from './front.ts'
import type { Message } from './message.ts'
import { type StrictUpstream, strictUpstream } from './strict-upstream.ts'

const arrived: Message[] = []
const harm: string[] = []
let upstream: StrictUpstream
let edge: Front
before(async () => {
  upstream = await strictUpstream({
    onMessage: (message) => arrived.push(message),
    onCut: () => undefined,
    onHarm: (why, raw) => harm.push(`${why}: ${raw}`),
  })
  edge = await edgeFront('http/1.1')(upstream.origin, {
    onDecision: () => undefined,
    onTrouble: (what) => harm.push(what),
  })
})
after(async () => {
  await edge[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

interface Row {
  readonly why: string
  /** Written one after the other, each once the answer to the one before is there. */
  readonly sends: readonly string[]
  /** The final statuses that come back. */
  readonly answers: readonly number[]
  /** The targets that arrive at the upstream. */
  readonly arrive: readonly string[]
}

const last = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const long = smuggled.repeat(3000)
const get = (target: string, fields = ''): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
const post = (target: string, fields: string, body: string): string =>
  `POST ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`
const chunked = (body: string): string => post('/chunked-body', 'Transfer-Encoding: chunked\r\n', body)
const refused = (why: string, sends: string): Row => ({ why, sends: [sends + last], answers: [400], arrive: [] })
const passes = (why: string, sends: string, target: string): Row => ({
  why,
  sends: [sends, last],
  answers: [200, 200],
  arrive: [target, '/last'],
})

const upgrade = 'Connection: upgrade\r\nUpgrade: x\r\n'
const upgrades: readonly Row[] = [
  ...['/', '/switched'].map((target) => ({
    why: `what is behind an Upgrade to ${target} is no tunnel, and the connection ends (CVE-2026-2833)`,
    sends: [get(target, upgrade) + smuggled, smuggled],
    answers: [target === '/' ? 200 : 502],
    arrive: [target],
  })),
]

const bodies: readonly Row[] = [
  {
    why: 'the body of a refused request becomes no request (CVE-2025-4366)',
    sends: [post('/', `Host: b\r\nContent-Length: ${smuggled.length}\r\n`, smuggled), last],
    answers: [400, 200],
    arrive: ['/last'],
  },
  {
    why: 'the long body of a refused request becomes no request',
    sends: [post('/', `Host: b\r\nContent-Length: ${long.length}\r\n`, long), last],
    answers: [400, 200],
    arrive: ['/last'],
  },
  {
    why: 'the body of a request that was answered early becomes no request',
    sends: [post('/early', `Content-Length: ${smuggled.length}\r\n`, smuggled), last],
    answers: [413, 200],
    arrive: ['/early', '/last'],
  },
  {
    why: 'a request refused before its expected body closes the connection',
    sends: [post('/', `Host: b\r\nExpect: 100-continue\r\nContent-Length: ${smuggled.length}\r\n`, '')],
    answers: [400],
    arrive: [],
  },
  passes('a request in a body stays there', post('/', `Content-Length: ${smuggled.length}\r\n`, smuggled), '/'),
  passes(
    'a request in a chunk stays there',
    post('/', 'Transfer-Encoding: chunked\r\n', `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`),
    '/',
  ),
]

const names: readonly Row[] = [
  ...[': x', ' : x', '\t: x', ':', ' ', 'X : y', 'X\t: y', 'X\0: y', 'X', '\xa0: y', 'X(: y'].map((line) =>
    refused(`the field line ${JSON.stringify(line)} is refused (CVE-2023-25725)`, get('/', `${line}\r\n`)),
  ),
]

const chunkParts: readonly Row[] = [
  ...[';\n', ';a\nb', ';\r', ';a\rb', ';a=\n', ';a="\n"', ';a="\r\n"', ';a="\\\n"', ';a="b', ';\0', ';a="\0"'].map(
    (extension) =>
      refused(
        `the chunk extension ${JSON.stringify(extension)} is refused`,
        chunked(`3${extension}\r\na=b\r\n0\r\n\r\n`),
      ),
  ),
  ...['0x3', '+3', '-3', ' 3', '3_', '3\0', '10000000000000003', ''].map((size) =>
    refused(`the chunk size ${JSON.stringify(size)} is refused`, chunked(`${size}\r\na=b\r\n0\r\n\r\n`)),
  ),
  ...['\n', '\r', '', '\r\r\n', '\n\r', 'x\r\n', '\0\r\n'].map((end) =>
    refused(`the chunk end ${JSON.stringify(end)} is refused`, chunked(`3\r\na=b${end}0\r\n\r\n`)),
  ),
  ...['0\n\r\n', '0\r\n\n', '0\r\n: x\r\n\r\n', '0\r\nX : y\r\n\r\n', '0\r\nX: \0\r\n\r\n', '-0\r\n\r\n'].map((end) =>
    refused(`the end of a body ${JSON.stringify(end)} is refused`, chunked(`3\r\na=b\r\n${end}`)),
  ),
]

const values: readonly Row[] = [
  ...['a\rb', 'a\nb', 'a\0b', 'a\r\n b', 'a\x7fb', 'a\x01b'].map((value) =>
    refused(`the field value ${JSON.stringify(value)} is refused`, get('/', `X: ${value}\r\n`)),
  ),
  ...['/a b', '/a\tb', '/a\0', '/a\r', '/a\x7f', '/a\xff', 'a:80', ''].map((target) =>
    refused(`the target ${JSON.stringify(target)} is refused`, get(target)),
  ),
  ...['http://b/', 'http://a:80/', '*', '/#x', '/?#x'].map((target) => ({
    why: `the target ${target} is refused, and the request behind it is judged by itself`,
    sends: [get(target), last],
    answers: [400, 200],
    arrive: ['/last'],
  })),
]

const paths: readonly Row[] = [
  ...['/%3fx=1', '/a%2Fb', '/%23', '/a;b'].map((target) =>
    passes(`the path ${target} arrives as it was judged (CVE-2024-1019, CVE-2025-29914)`, get(target), target),
  ),
  passes('a target in absolute form arrives as its path', get('http://a/b?c'), '/b?c'),
  ...[
    '//admin',
    '/./admin',
    '/a/../admin',
    '/a/%2e%2e/admin',
    '/a/..;/admin',
    '/a\\admin',
    '/%5cadmin',
    '/%c0%af',
    '/%00',
    '/%',
  ].map((target) => ({
    why: `the path ${target}, which two servers read in two ways, is refused (CVE-2025-29914)`,
    sends: [get(target), last],
    answers: [400, 200],
    arrive: ['/last'],
  })),
]

const prototypes: readonly Row[] = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'].flatMap((name) => [
  passes(`a field named ${name} is a field (CVE-2026-21710)`, get('/', `${name}: x\r\n${name}: y\r\n`), '/'),
  passes(
    `an argument and a cookie named ${name} are those`,
    get(`/?${name}=x`, `Cookie: ${name}=x\r\n`),
    `/?${name}=x`,
  ),
])

for (const { why, sends, answers, arrive } of [
  ...upgrades,
  ...bodies,
  ...names,
  ...chunkParts,
  ...values,
  ...paths,
  ...prototypes,
]) {
  test(`${why}`, async () => {
    arrived.length = 0
    assert.deepEqual(await talk(sends), answers)
    assert.deepEqual(
      arrived.map(({ head }) => head.target),
      arrive,
    )
    assert.deepEqual(harm, [])
  })
}

test('what Connection names is taken away, but no field that says what the message is (CVE-2024-45410)', async () => {
  arrived.length = 0
  const kept = ['Authorization: Basic eA==', 'Cookie: a=1', 'Content-Type: text/plain']
  const options =
    'close, x-gone, host, authorization, cookie, content-type, content-length, x-forwarded-for, client-cert'
  const fields = [`Connection: ${options}`, 'X-Gone: 1', 'Client-Cert: :eA==:', ...kept, 'Content-Length: 3']
  assert.deepEqual(await talk([post('/', `${fields.join('\r\n')}\r\n`, 'a=b')]), [200])
  const lines = arrived[0]?.head.fields.map(({ name, value }) => `${name}: ${value}`)
  const own = lines?.filter((line) => /^(x-forwarded-|forwarded:|x-request-id:|via:)/i.test(line))
  assert.equal(own?.length, 6)
  const others = lines?.filter((line) => !own?.includes(line))
  assert.deepEqual(others, ['Host: a', ...kept, 'Content-Length: 3'])
  assert.equal(arrived[0]?.body, 'a=b')
})

const judged: readonly string[] = [
  '/%3fx=%3Cscript%3Ealert(1)%3C/script%3E',
  '/?__proto__[x]=y',
  '/?a[constructor][prototype][x]=y',
]

test('the rules see what the path and the names hold, however they are written', async () => {
  const events = { onDecision: () => undefined, onTrouble: (what: string) => harm.push(what) }
  await using ruled = await edgeWithRules('http/1.1')(upstream.origin, events)
  arrived.length = 0
  for (const target of judged)
    assert.deepEqual([target, await talk([get(target, 'Connection: close\r\n')], ruled.port)], [target, [403]])
  assert.deepEqual(arrived, [])
})

/** The statuses of the final answers on one connection, until the edge closes it. */
async function talk(sends: readonly string[], port: number = edge.port): Promise<number[]> {
  const socket = connect({ port, host: '127.0.0.1' })
  let text = ''
  let next = 0
  const statuses = (): number[] => [...text.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g)].map(([, status]) => Number(status))
  const send = (): void => {
    while (next < sends.length && next <= statuses().length) socket.write(sends[next++] ?? '', 'latin1')
  }
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    send()
  })
  socket.on('error', () => socket.destroy())
  send()
  await once(socket, 'close')
  return statuses()
}
