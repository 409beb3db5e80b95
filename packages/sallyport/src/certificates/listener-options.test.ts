import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { type TestContext, test } from 'node:test'
import { type ConnectionOptions, connect, type SecureVersion, type TLSSocket } from 'node:tls'
import { type Challenges, pendingChallenges } from './acme/challenges.ts'
import { listening, makePair } from './certificates-under-test.ts'
import { listenerOptions } from './listener-options.ts'
import { certificateStore } from './store.ts'

interface Listening {
  readonly port: number
  readonly challenges: Challenges
  readonly requests: string[]
}

async function listener(t: TestContext, empty = false): Promise<Listening> {
  const pair = await makePair({ hosts: ['a.test'] })
  const entry = { hosts: ['a.test'], certName: 'c', keyName: 'k', ...pair }
  const store = certificateStore(empty ? [] : [entry], {})
  const challenges = pendingChallenges()
  const requests: string[] = []
  const options = listenerOptions({ store: () => store, challenges, protocols: ['h2', 'http/1.1'] })
  const server = createServer({ ...store.fallback, ...options }, (request, response) => {
    requests.push(request.url ?? '')
    response.end('ok')
  })
  return { port: await listening(server, t), challenges, requests }
}

async function open(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'a.test', rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  return socket
}

const versions: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3']
for (const version of versions) {
  test(`${version}: a challenge is answered by its certificate and then ended, with no way to HTTP`, async (t) => {
    const { port, challenges, requests } = await listener(t)
    await challenges.offer('tls-alpn-01', 'a.test', 'token', 'token.thumbprint')
    const socket = await open(port, { ALPNProtocols: ['acme-tls/1'], minVersion: version, maxVersion: version })
    const shown = socket.getPeerX509Certificate()
    assert.equal(socket.alpnProtocol, 'acme-tls/1')
    assert.equal(shown?.subject, 'CN=ACME challenge')
    assert.equal(shown?.subjectAltName, 'DNS:a.test')
    socket.on('error', () => undefined)
    socket.write('GET /slipped-through HTTP/1.1\r\nhost: a.test\r\n\r\n')
    socket.resume()
    await once(socket, 'close')
    const ordinary = await open(port, { ALPNProtocols: ['http/1.1'], minVersion: version, maxVersion: version })
    ordinary.write('GET /ordinary HTTP/1.1\r\nhost: a.test\r\n\r\n')
    await once(ordinary, 'data')
    assert.deepEqual(requests, ['/ordinary'])
    assert.equal(new X509Certificate(ordinary.getPeerX509Certificate()!.raw).subjectAltName, 'DNS:a.test')
    assert.notEqual(ordinary.getPeerX509Certificate()?.subject, 'CN=ACME challenge')
  })
}

test('a first certificate can be got where there is none yet', async (t) => {
  const { port, challenges } = await listener(t, true)
  await challenges.offer('tls-alpn-01', 'a.test', 'token', 'token.thumbprint')
  const socket = await open(port, { ALPNProtocols: ['acme-tls/1'] })
  assert.equal(socket.getPeerX509Certificate()?.subject, 'CN=ACME challenge')
})

const negotiated: readonly { readonly asks: readonly string[]; readonly gets: string | false | null }[] = [
  { asks: ['http/1.1', 'h2'], gets: 'h2' },
  { asks: ['spdy/3', 'http/1.1'], gets: 'http/1.1' },
  { asks: ['spdy/3'], gets: null },
  { asks: ['acme-tls/1'], gets: null },
  { asks: ['acme-tls/1', 'http/1.1'], gets: null },
]
for (const { asks, gets } of negotiated) {
  test(`a client that speaks ${asks.join(' and ')} ${gets === null ? 'is refused' : `gets ${gets}`}`, async (t) => {
    const { port, challenges } = await listener(t)
    await challenges.offer('tls-alpn-01', 'other.test', 'token', 'token.thumbprint')
    const opened = open(port, { ALPNProtocols: [...asks] })
    if (gets === null) await assert.rejects(opened, { code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' })
    else assert.equal((await opened).alpnProtocol, gets)
  })
}
