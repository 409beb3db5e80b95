import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { Agent, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { developmentCertificate } from '../edge/development-certificate.ts'
import { hastyUpstream, sinkOf, temporaryFolder, until } from '../edge/edge-under-test.ts'
import { fileSource } from './edge-source.ts'
import { reload } from './reload.ts'
import { type Started, startFrom } from './start-edge.ts'

interface UnderTest extends AsyncDisposable {
  readonly folder: string
  readonly started: Started
  /** Writes the configuration and loads it, as SIGHUP does. */
  readonly change: (text: string) => Promise<{ readonly retired: Promise<void> }>
  readonly url: (name: string) => string
  readonly decisions: () => readonly { readonly verdict: string; readonly listener: string }[]
}

async function edgeOf(text: string): Promise<UnderTest> {
  const folder = await temporaryFolder()
  const file = join(folder, 'sallyport.yaml')
  await writeFile(file, text)
  const standard = new PassThrough()
  let lines = ''
  standard.setEncoding('utf8').on('data', (chunk: string) => {
    lines += chunk
  })
  const started = await startFrom(fileSource(file), sinkOf(standard), () => undefined)
  return {
    folder,
    started,
    async change(next) {
      await writeFile(file, next)
      return await reload(started.running)
    },
    url: (name) => started.running.edge.ready().find((one) => one.name === name)?.url ?? '',
    decisions: () =>
      lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    async [Symbol.asyncDispose]() {
      await started.stop()
    },
  }
}

const named = (name: string) => hastyUpstream((_, response) => response.end(name))

/** One plain listener, two upstreams; `rest` is more of the file. */
const plain = (one: string, two: string, rest = ''): string => `version: 1
listeners: [{ name: plain, listen: 127.0.0.1:0, tls: false }]
upstreams: { one: { url: ${one} }, two: { url: ${two} } }
routes: [{ match: { hosts: [two.test] }, upstream: two }, { match: { path: /two/ }, upstream: two }, { match: { path: /one }, upstream: one }]
${rest}${rest.includes('rules:') ? '' : 'rules: []\n'}`

interface Answered {
  readonly status: number
  readonly body: string
  readonly port: number | undefined
}

async function ask(url: string, headers: Record<string, string> = {}, agent: Agent | false = false): Promise<Answered> {
  const sent = request(url, { headers, agent }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const port = answer.socket.localPort
  return { status: answer.statusCode ?? 0, body: Buffer.concat(await Array.fromAsync(answer)).toString(), port }
}

test('a request goes where its host and path say, and nowhere without a route', async () => {
  await using one = await named('one')
  await using two = await named('two')
  await using edge = await edgeOf(plain(one.origin, two.origin))
  const url = edge.url('plain')
  const rows = [
    { path: '/one', host: 'a.test', expect: [200, 'one'] },
    { path: '/two/x', host: 'a.test', expect: [200, 'two'] },
    { path: '/one', host: 'TWO.test.:8080', expect: [200, 'two'] },
    { path: '/none', host: 'a.test', expect: [404, null] },
  ]
  for (const { path, host, expect } of rows) {
    const { status, body } = await ask(`${url}${path}`, { host })
    assert.deepEqual([status, status === 200 ? body : null], expect, `${host}${path}`)
  }
})

test('a reload changes routes and bounds, opens and closes listeners, and keeps a connection that a client holds', async () => {
  await using one = await named('one')
  await using two = await named('two')
  await using edge = await edgeOf(plain(one.origin, two.origin))
  using agent = new KeptAgent()
  const url = edge.url('plain')
  const first = await ask(`${url}/one`, {}, agent)
  await edge.change(`version: 1
listeners: [{ name: plain, listen: 127.0.0.1:0, tls: false }, { name: more, listen: 127.0.0.1:0, tls: false }]
upstreams: { two: { url: ${two.origin} } }
routes: [{ upstream: two }]
bounds: { headerTimeMax: 5s, headerFieldsMax: 20 }
`)
  const second = await ask(`${url}/one`, {}, agent)
  assert.deepEqual([first.body, second.body, second.port], ['one', 'two', first.port])
  assert.equal((await ask(`${edge.url('more')}/`)).body, 'two')
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`x-${i}`, '1']))
  assert.equal((await ask(`${url}/`, many)).status, 431)
  const closed = edge.url('more')
  const { retired } = await edge.change(plain(one.origin, two.origin))
  await retired
  await assert.rejects(ask(closed), { code: 'ECONNREFUSED' })
  assert.equal((await ask(`${url}/one`, many)).body, 'one')
})

class KeptAgent extends Agent implements Disposable {
  constructor() {
    super({ keepAlive: true, maxSockets: 1 })
  }
  [Symbol.dispose](): void {
    this.destroy()
  }
}

test('a request in flight ends by the snapshot that it began with, whose upstream is let go of only then', async () => {
  const asked = Promise.withResolvers<() => void>()
  await using one = await hastyUpstream((_, response) => asked.resolve(() => response.end('one')))
  await using two = await named('two')
  await using edge = await edgeOf(plain(one.origin, two.origin))
  const answer = ask(`${edge.url('plain')}/one`)
  const finish = await asked.promise
  const { retired } = await edge.change(plain(two.origin, two.origin))
  assert.equal((await ask(`${edge.url('plain')}/one`)).body, 'two')
  finish()
  assert.equal((await answer).body, 'one')
  await retired
})

test('each step of a reload that fails says where, changes nothing, and the snapshot before answers on', async () => {
  await using one = await named('one')
  await using two = await named('two')
  const [taken, freed] = [createServer().listen(0, '127.0.0.1'), createServer().listen(0, '127.0.0.1')]
  await Promise.all([once(taken, 'listening'), once(freed, 'listening')])
  const [{ port }, { port: free }] = [taken, freed].map((one) => one.address()) as [AddressInfo, AddressInfo]
  freed.close()
  const text = plain(one.origin, two.origin)
  const bare = text.replace('rules: []\n', '')
  await using edge = await edgeOf(text)
  const url = edge.url('plain')
  await writeFile(join(edge.folder, 'broken.conf'), 'SecRule ARGS "@noSuchOperator x" "id:1,phase:2,deny"\n')
  await writeFile(join(edge.folder, 'empty.pem'), '')
  const rows = [
    { step: 'reading', text: `${bare}limits: []\n`, says: /^\S+sallyport\.yaml:5:1: "limits" is not in this version/ },
    {
      step: 'compiling rules',
      text: `${bare}rules: [{ use: broken.conf }]\n`,
      says: /^\S+broken\.conf:1:\d+: .*noSuchOperator/,
    },
    {
      step: 'compiling an exclusion',
      text: `${bare}rules: [{ use: core, exclude: [{ rules: [1], target: "ARGS:/a", why: a }] }]\n`,
      says: /^\S+sallyport\.yaml:5:\d+: .* cannot be a target/,
    },
    {
      step: 'reading a certificate',
      text: `${bare}certificates: [{ hosts: [a.test], cert: empty.pem, key: empty.pem }]\n`,
      says: /^\S+sallyport\.yaml:5:\d+: .*empty\.pem is no certificate/,
    },
    {
      step: 'comparing the data directory',
      text: `${bare}data: elsewhere\n`,
      says: /^\S+sallyport\.yaml:5:7: the data directory cannot change/,
    },
    {
      step: 'opening the log',
      text: `${bare}log: { decisions: no-folder/log }\n`,
      says: /^\S+sallyport\.yaml:5:\d+: cannot be opened: ENOENT/,
    },
    {
      step: 'opening the admin listener',
      text: `${bare}admin: { listen: 127.0.0.1:${port} }\n`,
      says: /^\S+sallyport\.yaml:5:\d+: cannot be opened: .*EADDRINUSE/,
    },
    {
      step: 'opening a listener',
      text: `${text}admin: { listen: 127.0.0.1:${free} }\n`.replace(
        'tls: false }',
        `tls: false }, { name: b, listen: 127.0.0.1:0 }, { name: more, listen: 127.0.0.1:${port}, tls: false }`,
      ),
      says: /^\S+sallyport\.yaml:2:\d+: port \d+ of 127\.0\.0\.1 is taken/,
    },
  ]
  for (const { step, text, says } of rows) {
    await assert.rejects(edge.change(text), { name: 'Failure', message: says }, step)
    assert.deepEqual(edge.started.running.edge.ready(), [{ name: 'plain', url }], step)
    assert.equal((await ask(`${url}/one`)).body, 'one', step)
  }
  taken.close()
  await assert.rejects(ask(`http://127.0.0.1:${free}/healthz`), { code: 'ECONNREFUSED' })
  await edge.change(text)
  assert.equal((await ask(`${url}/one`)).body, 'one')
})

test('decisions go to their file, for the owner alone, and to a new one once the old has been moved away', async () => {
  await using one = await named('one')
  const text = plain(one.origin, one.origin, 'log: { decisions: decisions.ndjson }\n')
  await using edge = await edgeOf(text)
  const file = join(edge.folder, 'decisions.ndjson')
  await ask(`${edge.url('plain')}/one`)
  await edge.change(text)
  await ask(`${edge.url('plain')}/one`)
  await rename(file, `${file}.1`)
  await edge.change(text)
  await ask(`${edge.url('plain')}/one`)
  await edge.started.stop()
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const linesOf = async (name: string) => (await readFile(name, 'utf8')).trim().split('\n').length
  assert.deepEqual([await linesOf(`${file}.1`), await linesOf(file)], [2, 1])
  assert.deepEqual(edge.decisions(), [])
})

test('a certificate is exchanged while old connections go on, and the next handshake sees the new one', async () => {
  await using one = await named('one')
  const [first, second] = await Promise.all([pair(), pair()])
  const text = plain(
    one.origin,
    one.origin,
    'certificates: [{ hosts: [localhost], cert: cert.pem, key: key.pem }]\n',
  ).replace(', tls: false', '')
  const folder = await temporaryFolder()
  await place(first, folder)
  await using edge = await edgeOf(
    text.replaceAll('cert.pem', join(folder, 'cert.pem')).replaceAll('key.pem', join(folder, 'key.pem')),
  )
  const old = await opened(edge.url('plain'), first.cert, 'localhost')
  await place(second, folder)
  await reload(edge.started.running)
  for (const servername of ['localhost', '']) (await opened(edge.url('plain'), second.cert, servername)).destroy()
  old.write('GET /one HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.match(await until(old, (text) => text.endsWith('one')), /^HTTP\/1\.1 200 /)
  old.destroy()
})

async function pair() {
  return await developmentCertificate(await temporaryFolder())
}

async function place({ cert, key }: { cert: string; key: string }, folder: string): Promise<void> {
  await writeFile(join(folder, 'cert.pem'), cert)
  await writeFile(join(folder, 'key.pem'), key)
}

/** A connection that trusts this certificate alone; no name is sent where it is empty. */
async function opened(url: string, ca: string, servername: string): Promise<TLSSocket> {
  const port = Number(new URL(url).port)
  const socket = connect({ port, host: '127.0.0.1', ca, ...(servername === '' ? {} : { servername }) })
  await once(socket, 'secureConnect')
  return socket
}

test('under requests without pause, reloads cost none of them', async (t) => {
  await using one = await named('one')
  await using two = await named('two')
  await using edge = await edgeOf(plain(one.origin, two.origin, 'rules: []\n'))
  const url = `${edge.url('plain')}/one`
  const agents = Array.from({ length: 20 }, () => new KeptAgent())
  let going = true
  const ports = new Set<number | undefined>()
  const statuses = new Map<number, number>()
  const clients = agents.map(async (agent) => {
    while (going) {
      const { status, port } = await ask(url, {}, agent)
      ports.add(port)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  })
  const retired: Promise<void>[] = []
  for (let round = 0; round < 20; round++) {
    const bound = `bounds: { idleTimeMax: ${10 + (round % 3)}s }\nrules: []\n`
    const [first, second] = round % 2 === 0 ? [two.origin, one.origin] : [one.origin, two.origin]
    retired.push((await edge.change(plain(first, second, bound))).retired)
  }
  going = false
  await Promise.all(clients)
  await Promise.all(retired)
  for (const agent of agents) agent.destroy()
  t.diagnostic(`${statuses.get(200)} requests over ${ports.size} connections during 20 reloads`)
  assert.deepEqual([...statuses.keys()], [200])
  assert.equal(ports.size, agents.length)
})
