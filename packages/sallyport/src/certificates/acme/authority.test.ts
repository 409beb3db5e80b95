/** With a real authority: the whole of RFC 8555 as far as we use it, over real sockets. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from 'node:tls'
import { pollMaxMs } from '../bounds.ts'
import { day, listening, makePair, temporaryFolder } from '../certificates-under-test.ts'
import { listenerOptions } from '../listener-options.ts'
import { readChain } from '../pair.ts'
import { type CertificateStore, certificateStore } from '../store.ts'
import { type Acme, type AcmeRow, type AcmeSettings, startAcme } from './acme.ts'
import { type Challenges, pendingChallenges, type Way } from './challenges.ts'
import { type Clock, systemClock } from './clock.ts'
import { pebbleProgram, startPebble } from './pebble-under-test.ts'
import { type AcmeCall, type AcmeRequest, httpsAcmeRequest } from './request.ts'

const ownerOnly = 0o600

/** Asks an authority again after a moment: this one needs no longer. */
const hurried: Clock = {
  ...systemClock,
  wait: (ms, signal) => systemClock.wait(ms <= pollMaxMs ? ms / 10 : ms, signal),
}

/** The two listeners of an edge, an authority that finds them, and a client of it. */
interface Scene {
  readonly challenges: Challenges
  readonly tlsPort: number
  readonly lines: string[]
  /** Requests to the authority so far. */
  readonly calls: AcmeCall[]
  readonly refusedNonces: unknown[]
  readonly folder: string
  readonly start: (hosts: readonly string[], way: Way, more?: Partial<AcmeSettings>) => Promise<Started>
}

interface Started {
  readonly acme: Acme
  /** The next certificate, or the next line of failure. */
  readonly next: () => Promise<string>
}

const names = { http: 'one.example.test', other: 'two.example.test' }

async function scene(t: TestContext, nonceReject = 0, answers = true): Promise<Scene> {
  const challenges = pendingChallenges()
  const served: { store: CertificateStore } = { store: certificateStore([], {}) }
  const http = createHttpServer((request, response) => {
    const body = answers ? challenges.answerPath(request.url ?? '') : 'something else'
    response.writeHead(body === null ? 403 : 200).end(body)
  })
  const tls = createHttpsServer(
    { ...(await makePair()), ...listenerOptions({ store: () => served.store, challenges, protocols: ['http/1.1'] }) },
    (_request, response) => response.end('reached HTTP'),
  )
  const [httpPort, tlsPort] = [await listening(http, t), await listening(tls, t)]
  const pebble = await startPebble({ httpPort, tlsPort, nonceReject })
  t.after(() => pebble[Symbol.asyncDispose]())
  const folder = await temporaryFolder()
  const lines: string[] = []
  const calls: AcmeCall[] = []
  const refusedNonces: unknown[] = []
  const counted =
    (request: AcmeRequest): AcmeRequest =>
    async (call) => {
      calls.push(call)
      const answer = await request(call)
      if (answer.body.includes('error:badNonce')) refusedNonces.push(call)
      return answer
    }
  const start = async (hosts: readonly string[], way: Way, more: Partial<AcmeSettings> = {}): Promise<Started> => {
    const news = queue()
    const rows: AcmeRow[] = [{ hosts, acme: { directory: pebble.directory, email: 'ops@example.test', ca: pebble.ca } }]
    const acme = await startAcme({
      rows,
      folder,
      ways: [way],
      clock: hurried,
      challenges,
      request: (ca) => counted(httpsAcmeRequest({ ca })),
      onChange: () => {
        const entries = acme.entries().filter((entry) => entry !== null)
        served.store = certificateStore(entries, {})
        news.put(entries[0]?.cert ?? '')
      },
      say: (line) => {
        lines.push(line)
        if (line.includes('next try')) news.put(line)
      },
      ...more,
    })
    t.after(() => acme.stop())
    return { acme, next: news.take }
  }
  return { challenges, tlsPort, lines, calls, refusedNonces, folder, start }
}

function queue(): { readonly put: (text: string) => void; readonly take: () => Promise<string> } {
  const ready: string[] = []
  const waiting: ((text: string) => void)[] = []
  return {
    put: (text) => {
      const taker = waiting.shift()
      if (taker === undefined) ready.push(text)
      else taker(text)
    },
    take: async () => ready.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve))),
  }
}

if (pebbleProgram === null) {
  test('NOT RUN against a real authority: `pebble` is missing (Debian: apt-get install pebble)', (t) =>
    t.diagnostic('install pebble to test issuing, renewal and refusals with a real authority'))
}

function withAuthority(name: string, run: (t: TestContext) => Promise<void>): void {
  if (pebbleProgram !== null) test(name, run)
}

withAuthority('HTTP-01 proves two names, and what is kept is for its owner alone', async (t) => {
  const { start, folder, challenges, lines } = await scene(t)
  const { next } = await start([names.http, names.other], 'http-01')
  const [leaf, issuer] = readChain(await next())
  assert.equal(leaf.subjectAltName, `DNS:${names.http}, DNS:${names.other}`)
  assert.equal(leaf.checkIssued(issuer!), true)
  assert.match(lines.join('\n'), /^certificate of one\.example\.test: issued, valid until \S+Z$/)
  const files = await readdir(folder)
  assert.deepEqual(files.map((file) => file.replace(/[0-9a-f]{8}/, 'X')).sort(), [
    'account-X.pem',
    'one.example.test-X.json',
  ])
  for (const file of files) assert.equal((await stat(join(folder, file))).mode & 0o777, ownerOnly)
  assert.equal(challenges.answerPath('/.well-known/acme-challenge/x'), null)
})

withAuthority('TLS-ALPN-01 proves a name on the listener with TLS, which then shows the certificate', async (t) => {
  const { start, tlsPort } = await scene(t)
  const { next } = await start([names.http], 'tls-alpn-01')
  const issued = new X509Certificate(await next())
  const socket = connect({ port: tlsPort, host: '127.0.0.1', servername: names.http, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  assert.equal(socket.getPeerX509Certificate()?.fingerprint256, issued.fingerprint256)
  socket.destroy()
})

withAuthority('a restart finds the certificate and asks the authority for no other', async (t) => {
  const { start, calls } = await scene(t)
  const first = await start([names.http], 'http-01')
  const cert = await first.next()
  await first.acme.stop()
  calls.length = 0
  const looked = Promise.withResolvers<void>()
  const clock: Clock = {
    ...hurried,
    wait: (ms, signal) => {
      looked.resolve()
      return systemClock.wait(ms, signal)
    },
  }
  const second = await start([names.http], 'http-01', { clock })
  assert.equal(second.acme.entries()[0]?.cert, cert)
  await looked.promise
  assert.deepEqual(
    calls.map(({ method }) => method),
    ['GET'],
    'the directory alone, for renewal information',
  )
})

withAuthority('a certificate that is due is renewed, with the same account', async (t) => {
  const { start, folder, lines } = await scene(t)
  const first = await start([names.http], 'http-01')
  const old = await first.next()
  await first.acme.stop()
  const accountFile = join(folder, (await readdir(folder)).find((file) => file.startsWith('account'))!)
  const account = await readFile(accountFile, 'utf8')
  const { validFromDate, validToDate } = new X509Certificate(old)
  const life = validToDate.getTime() - validFromDate.getTime()
  const clock: Clock = { ...hurried, now: () => validFromDate.getTime() + (life * 2) / 3 + day }
  const second = await start([names.http], 'http-01', { clock })
  assert.equal(second.acme.entries()[0]?.cert, old)
  const renewed = await second.next()
  assert.notEqual(new X509Certificate(renewed).serialNumber, new X509Certificate(old).serialNumber)
  assert.equal(await readFile(accountFile, 'utf8'), account)
  assert.match(lines.at(-1) ?? '', /due again already; set the clock of this machine/)
})

withAuthority('a name that is not proved is one line with cause, mend and next try', async (t) => {
  const { start, challenges, folder } = await scene(t, 0, false)
  const { next, acme } = await start([names.http], 'http-01')
  const line = await next()
  assert.match(line, /^certificate of one\.example\.test: one\.example\.test was not proved by http-01 \(\w+\): /)
  assert.match(line, /let port 80 of one\.example\.test reach a listener with `serves: acme`; there is none yet; /)
  assert.match(line, /next try in 1 min$/)
  assert.deepEqual(acme.entries(), [null])
  assert.equal(challenges.answerName(names.http), null)
  await acme.stop()
  const file = (await readdir(folder)).find((name) => name.endsWith('.json'))!
  assert.equal(JSON.parse(await readFile(join(folder, file), 'utf8')).failures, 1)
})

withAuthority('nonces that are refused are replaced, as often as it takes', async (t) => {
  const { start, refusedNonces } = await scene(t, 30)
  const { next } = await start([names.http], 'tls-alpn-01')
  assert.ok((await next()).includes('BEGIN CERTIFICATE'))
  t.diagnostic(`${refusedNonces.length} nonces were refused`)
})
