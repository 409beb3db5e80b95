import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { pebbleProgram, startPebble } from '../certificates/acme/pebble-under-test.ts'
import { makePair, temporaryFolder } from '../certificates/certificates-under-test.ts'
import { sinkOf } from '../edge/edge-under-test.ts'
import { fileSource } from './edge-source.ts'
import { reload } from './reload.ts'
import { type Started, startFrom } from './start-edge.ts'

const host = 'one.example.test'
const challengePath = '/.well-known/acme-challenge/none'

interface Ports {
  readonly tls: number
  readonly plain: number
}

interface UnderTest extends AsyncDisposable {
  readonly started: Started
  /** The first line for the operator, past or future, that matches. */
  readonly said: (pattern: RegExp) => Promise<string>
  readonly lines: readonly string[]
}

/** An edge with a certificate by ACME for `host`; `plain` false: no listener serves its challenges. */
async function edgeOf(folder: string, directory: string, ports: Ports, plain = true): Promise<UnderTest> {
  const file = join(folder, 'sallyport.yaml')
  const challenged = `{ name: challenges, listen: 127.0.0.1:${ports.plain}, tls: false, serves: acme }`
  const text = `version: 1
data: ./data
certificates: [{ hosts: [${host}], acme: { directory: '${directory}', ca: ca.pem } }]
listeners: [{ name: public, listen: 127.0.0.1:${ports.tls} }${plain ? `, ${challenged}` : ''}]
upstreams: { api: { url: http://127.0.0.1:1 } }
routes: [{ upstream: api }]
rules: []
`
  await writeFile(file, text)
  const lines: string[] = []
  const news = new PassThrough({ objectMode: true })
  const started = await startFrom(fileSource(file), sinkOf(new PassThrough().resume()), (line) => {
    lines.push(line)
    news.emit('line')
  })
  return {
    started,
    lines,
    async said(pattern) {
      for (;;) {
        const line = lines.find((one) => pattern.test(one))
        if (line !== undefined) return line
        await once(news, 'line')
      }
    },
    async [Symbol.asyncDispose]() {
      await started.stop()
    },
  }
}

/** Free now; an authority must be told of them before an edge listens there. */
async function freePorts(): Promise<Ports> {
  const servers = [createTcpServer().listen(0, '127.0.0.1'), createTcpServer().listen(0, '127.0.0.1')] as const
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const [tls, plain] = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return { tls: tls ?? 0, plain: plain ?? 0 }
}

/** The issuer and names of what is shown; rejects where there is no certificate. No name is sent where it is empty. */
async function shown({ tls }: Ports, servername: string): Promise<{ issuer: string; names: string; print: string }> {
  const settings = { port: tls, host: '127.0.0.1', rejectUnauthorized: false }
  const socket: TLSSocket = connect({ ...settings, ...(servername === '' ? {} : { servername }) })
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerX509Certificate()
  socket.destroy()
  const { issuer = '', subjectAltName: names = '', fingerprint256: print = '' } = certificate ?? {}
  return { issuer, names, print }
}

/** It is said to be issued before it is on disk, and served after that. */
async function shownSoon(ports: Ports): ReturnType<typeof shown> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await shown(ports, host)
    } catch (error) {
      if (tries === 1000) throw error
    }
  }
}

test('without its authority an edge serves all but that certificate, and says why and when it is tried again', async () => {
  const folder = await temporaryFolder()
  const gone: Server = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as AddressInfo
  await once(gone.close(), 'close')
  await writeFile(join(folder, 'ca.pem'), (await makePair()).cert)
  const ports = await freePorts()
  await using edge = await edgeOf(folder, `https://127.0.0.1:${port}/dir`, ports)
  assert.match(
    await edge.said(/next try/),
    /^certificate of one\.example\.test: 127\.0\.0\.1:\d+ cannot be asked: .*; there is none yet; next try in \d+ min$/,
  )
  await assert.rejects(shown(ports, host))
  await assert.rejects(shown(ports, ''))
  const answer = await fetch(`http://127.0.0.1:${ports.plain}${challengePath}`)
  assert.equal(answer.status, 403)
})

if (pebbleProgram === null) {
  test('NOT RUN with a real authority: `pebble` is missing (Debian: apt-get install pebble)', (t) =>
    t.diagnostic('install pebble to test that an edge obtains its certificate and serves it'))
}

async function authority(t: TestContext, folder: string, ports: Ports): Promise<string> {
  const pebble = await startPebble({ httpPort: ports.plain, tlsPort: ports.tls })
  t.after(() => pebble[Symbol.asyncDispose]())
  await writeFile(join(folder, 'ca.pem'), pebble.ca)
  return pebble.directory
}

const ways = [
  { way: 'HTTP-01 on a listener that serves acme', plain: true },
  { way: 'TLS-ALPN-01 on its listener with TLS', plain: false },
]
for (const { way, plain } of pebbleProgram === null ? [] : ways) {
  test(`an edge obtains its certificate by ${way}, and serves it then, after a reload and after a restart`, async (t) => {
    const folder = await temporaryFolder()
    const ports = await freePorts()
    const directory = await authority(t, folder, ports)
    const issued = await (async () => {
      await using edge = await edgeOf(folder, directory, ports, plain)
      await edge.said(/^certificate of one\.example\.test: issued/)
      const certificate = await shownSoon(ports)
      assert.match(certificate.issuer, /Pebble Intermediate CA/)
      assert.equal(certificate.names, `DNS:${host}`)
      assert.deepEqual(await shown(ports, ''), certificate)
      await reload(edge.started.running)
      assert.deepEqual(await shown(ports, host), certificate)
      assert.equal(edge.lines.length, 1, 'issued, and nothing else')
      return certificate
    })()
    await using edge = await edgeOf(folder, directory, ports, plain)
    assert.deepEqual(await shown(ports, host), issued)
    assert.deepEqual(edge.lines, [])
  })
}
