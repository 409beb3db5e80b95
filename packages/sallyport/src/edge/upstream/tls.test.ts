import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { developmentCertificate } from '../development-certificate.ts'
import { temporaryFolder } from '../edge-under-test.ts'
import type { UpstreamTls } from '../upstream.ts'
import { ask, okAnswer, type Script, scripted } from './scripted-upstream.fixture.ts'

const { cert, key } = await developmentCertificate(await temporaryFolder())
const trusting: UpstreamTls = { ca: cert, serverName: null, client: null }
const answer: Script['answer'] = ({ socket }) => socket.write(okAnswer)
const closing: Script['answer'] = ({ socket }) => socket.end(okAnswer.replace('OK\r\n', 'OK\r\nConnection: close\r\n'))

test('a server is asked by its name, in HTTP/1.1, and answers over TLS', async () => {
  await using api = await scripted({
    answer,
    tls: { cert, key, ALPNProtocols: ['h2', 'http/1.1'] },
    settings: { tls: trusting },
  })
  assert.deepEqual(await ask(api.upstream), [200, 'ok'])
  const socket = api.asked[0]?.socket as TLSSocket & { servername: string }
  assert.deepEqual([socket.servername, socket.alpnProtocol], ['localhost', 'http/1.1'])
})

test('a server that is not trusted is asked nothing', async () => {
  await using api = await scripted({ answer, tls: { cert, key } })
  await assert.rejects(ask(api.upstream), { kind: 'refused' })
  assert.equal(api.asked.length, 0)
})

test('a server of another name is asked nothing, the second time no more than the first', async () => {
  const tls = { ...trusting, serverName: 'other.test' }
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    await using api = await scripted({ answer, tls: { cert, key, maxVersion }, settings: { tls } })
    for (let time = 0; time < 3; time++)
      await assert.rejects(ask(api.upstream), { kind: 'refused', message: /altnames/ })
    assert.equal(api.asked.length, 0)
  }
})

test('a client certificate is shown to a server that asks for it, and none where there is none', async () => {
  const server = { cert, key, requestCert: true, rejectUnauthorized: false }
  for (const client of [{ cert, key }, null]) {
    await using api = await scripted({ answer, tls: server, settings: { tls: { ...trusting, client } } })
    assert.deepEqual(await ask(api.upstream), [200, 'ok'])
    const [asked] = api.asked
    const shown = (asked?.socket as TLSSocket | undefined)?.getPeerCertificate() ?? assert.fail('nothing was asked')
    assert.equal('fingerprint256' in shown, client !== null)
  }
})

test('a second connection goes on with the session of the first', async () => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    await using api = await scripted({ answer: closing, tls: { cert, key, maxVersion }, settings: { tls: trusting } })
    const reused: boolean[] = []
    for (let time = 0; time < 2; time++) {
      const connected = once(api.server, 'secureConnection')
      await ask(api.upstream)
      reused.push(((await connected)[0] as TLSSocket).isSessionReused())
    }
    assert.deepEqual(reused, [false, true])
  }
})

test('a key that cannot be read refuses each request, and no error leaves', async () => {
  const tls = { ...trusting, client: { cert, key: 'no key' } }
  await using api = await scripted({ answer, tls: { cert, key }, settings: { tls } })
  for (let time = 0; time < 2; time++) await assert.rejects(ask(api.upstream), { kind: 'refused' })
})
