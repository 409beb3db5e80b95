import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { test } from 'node:test'
import { connect, createSecureContext, type TLSSocket } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { day, listening, makePair } from './certificates-under-test.ts'
import { listenerOptions } from './listener-options.ts'
import { type CertificateEntry, certificateStore } from './store.ts'

async function entry(...hosts: string[]): Promise<CertificateEntry> {
  return { hosts, certName: `${hosts[0]}.pem`, keyName: `${hosts[0]}.key`, ...(await makePair({ hosts })) }
}

const entries = await Promise.all([
  entry('first.test'),
  entry('api.example.test', 'www.example.test'),
  entry('*.example.test'),
  entry('*.deep.example.test'),
  entry('*.example.best'),
])
/** What the engine itself may allocate meanwhile, a look-up; the smallest string has 16 bytes. */
const slackBytes = 2
const selected: readonly { readonly name: string; readonly entry: number }[] = [
  { name: 'first.test', entry: 0 },
  { name: 'api.example.test', entry: 1 },
  { name: 'WWW.Example.TEST', entry: 1 },
  { name: 'other.example.test', entry: 2 },
  { name: 'OTHER.example.test', entry: 2 },
  { name: 'a.deep.example.test', entry: 3 },
  { name: 'deep.example.test', entry: 2 },
  { name: 'x.example.best', entry: 4 },
  { name: 'a.b.example.test', entry: 0 },
  { name: 'example.test', entry: 0 },
  { name: '.example.test', entry: 0 },
  { name: 'unknown.test', entry: 0 },
  { name: '*.example.test', entry: 2 },
  { name: '', entry: 0 },
  { name: 'nodot', entry: 0 },
  { name: '__proto__', entry: 0 },
]
test('exact name, then a wildcard of one label, then the first certificate', async (t) => {
  const store = certificateStore(entries, {})
  assert.deepEqual(store.warnings, [])
  const options = listenerOptions({ store: () => store, challenges: null, protocols: ['http/1.1'] })
  const port = await serve(t, { ...store.fallback, ...options })
  for (const { name, entry } of selected) {
    // Node's client sends no empty name, and OpenSSL none with a leading dot or without any: those are asked of the store.
    const context = store.select(name)
    assert.equal(context, store.select(entries[entry]!.hosts[0]!.replace('*', 'any')), name)
  }
  for (const name of ['api.example.test', 'OTHER.example.test', 'unknown.test']) {
    const socket = await open(port, name)
    const expected = entries[selected.find((row) => row.name === name)!.entry]!
    assert.equal(fingerprint(socket), new X509Certificate(expected.cert).fingerprint256)
    socket.destroy()
  }
})

test('a client that names no server gets the first certificate', async (t) => {
  const store = certificateStore(entries, {})
  const options = listenerOptions({ store: () => store, challenges: null, protocols: ['http/1.1'] })
  const socket = await open(await serve(t, { ...store.fallback, ...options }), undefined)
  assert.equal(fingerprint(socket), new X509Certificate(entries[0]!.cert).fingerprint256)
})

test('no certificate at all: nothing to select, and a handshake fails', async (t) => {
  const store = certificateStore([], {})
  assert.deepEqual([store.select('a.test'), store.fallback], [undefined, null])
  const options = listenerOptions({ store: () => store, challenges: null, protocols: ['http/1.1'] })
  await assert.rejects(open(await serve(t, options), 'a.test'), /handshake failure/)
})

test('a reload drops no connection: the old one goes on, the next sees the new certificate', async (t) => {
  let store = certificateStore([await entry('a.test')], {})
  const options = listenerOptions({ store: () => store, challenges: null, protocols: ['http/1.1'] })
  const port = await serve(t, { ...store.fallback, ...options })
  const old = await open(port, 'a.test')
  const before = fingerprint(old)
  assert.match(await ask(old), /200 OK/)
  const renewed = await entry('a.test')
  store = certificateStore([renewed], {})
  const next = await open(port, 'a.test')
  assert.equal(fingerprint(next), new X509Certificate(renewed.cert).fingerprint256)
  assert.notEqual(fingerprint(next), before)
  assert.match(await ask(old), /200 OK/)
  assert.match(await ask(next), /200 OK/)
})

test('a handshake needs no allocation to choose its certificate', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const store = certificateStore(entries, {})
  const asked = selected.map(({ name }) => name.toLowerCase())
  const rounds = 20_000
  const run = (): void => {
    // No `for of`: its steps are objects until the loop is optimised.
    for (let step = 0; step < rounds * asked.length; step += 1) store.select(asked[step % asked.length]!)
  }
  run()
  run()
  collect()
  const before = process.memoryUsage().heapUsed
  run()
  const bytes = process.memoryUsage().heapUsed - before
  assert.ok(bytes < rounds * asked.length * slackBytes, `${bytes} bytes for ${rounds * asked.length} names`)
})

test('what is odd is said with the file, and a name that is none is refused', async () => {
  const pair = await makePair({ hosts: ['a.test'], to: new Date(Date.now() + 3 * day) })
  const file = { certName: 'c.pem', keyName: 'k.pem', ...pair }
  const { warnings } = certificateStore(
    [
      { hosts: ['a.test', '*.b.test'], ...file },
      { hosts: ['A.test', '*.b.test'], ...file },
    ],
    {},
  )
  assert.deepEqual(
    warnings.map((warning) => warning.replace(/\d{4}-\d\d-\d\d/, 'DAY')),
    [
      'c.pem expires on DAY: renew it',
      'c.pem does not cover *.b.test: clients of that name refuse it',
      'c.pem expires on DAY: renew it',
      'c.pem does not cover *.b.test: clients of that name refuse it',
      'c.pem is never used for a.test: an earlier certificate has that name',
      'c.pem is never used for *.b.test: an earlier certificate has that name',
    ],
  )
  assert.throws(() => certificateStore([{ hosts: ['a:443'], ...file }], {}), {
    name: 'CertificateError',
    message: 'c.pem: "a:443" is no host name; write one such as api.example.test or *.example.test',
  })
})

test('what OpenSSL cannot serve is refused before anything is swapped', async () => {
  const odd = { ...(await entry('a.test')), ciphers: 'NONE' }
  assert.throws(
    () => certificateStore([odd], { ciphers: 'NONE' }),
    /^CertificateError: a\.test\.pem: OpenSSL refuses it/,
  )
  assert.ok(createSecureContext())
})

async function serve(t: { after: (end: () => void) => void }, options: object): Promise<number> {
  return await listening(
    createServer(options, (_request, response) => response.end('ok')),
    t,
  )
}

async function open(port: number, servername: string | undefined): Promise<TLSSocket> {
  const options = servername === undefined ? {} : { servername }
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  await once(socket, 'secureConnect')
  return socket
}

async function ask(socket: TLSSocket): Promise<string> {
  socket.write('GET / HTTP/1.1\r\nhost: a.test\r\n\r\n')
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  return bytes.toString('latin1')
}

function fingerprint(socket: TLSSocket): string | undefined {
  return socket.getPeerX509Certificate()?.fingerprint256
}
