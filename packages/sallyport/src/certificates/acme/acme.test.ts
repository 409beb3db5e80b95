/** Accounts, nonces, waits and rows; what goes right with a real authority is authority.test.ts's. */
import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { nonceTriesMax } from '../bounds.ts'
import { temporaryFolder } from '../certificates-under-test.ts'
import { type AcmeRow, startAcme } from './acme.ts'
import { authorization, base, directoryUrl, fakeAuthority, refusal, type Script } from './authority-under-test.ts'
import { pendingChallenges } from './challenges.ts'
import { systemClock } from './clock.ts'
import { tryOnce } from './try-under-test.ts'

test('a refused nonce costs one request more, and refused for ever it costs so many', async () => {
  const once = await tryOnce({ '/account': [refusal('badNonce', 'x'), refusal('malformed', 'x')] })
  assert.deepEqual(once.authority.asked, ['GET /dir', 'HEAD /nonce', 'POST /account', 'POST /account'])
  const ever = await tryOnce({ '/account': refusal('badNonce', 'x') })
  assert.equal(ever.authority.asked.filter((call) => call === 'POST /account').length, nonceTriesMax)
})

test('what an authority asks to wait for is waited for, a day at most', async () => {
  const limited = (after: string): Script => ({ '/new': refusal('rateLimited', 'too many', { 'retry-after': after }) })
  const ten = await tryOnce(limited('36000'))
  assert.match(ten.whole, /\(rateLimited\): too many; it is tried again when .*; there is none yet; next try in 10 h$/)
  assert.match((await tryOnce(limited('999999999'))).whole, /next try in 24 h$/)
})

test('the account agrees to the terms, names the address, and tells a new one', async () => {
  const account = { status: 200, headers: { location: `${base}/me` }, body: { contact: ['mailto:old@a.test'] } }
  const { authority } = await tryOnce({ '/account': account, '/me': {} }, {}, 'ops@a.test')
  assert.deepEqual(authority.sent.slice(0, 2), [
    { path: '/account', payload: { termsOfServiceAgreed: true, contact: ['mailto:ops@a.test'] } },
    { path: '/me', payload: { contact: ['mailto:ops@a.test'] } },
  ])
  const { authority: silent } = await tryOnce({})
  assert.deepEqual(silent.sent[0]?.payload, { termsOfServiceAgreed: true })
})

test('the key of the account is its owner’s alone, and is not replaced when it cannot be read', async () => {
  const first = await tryOnce({})
  const name = (await readdir(first.folder)).find((file) => file.startsWith('account-'))!
  const file = join(first.folder, name)
  const key = await readFile(file, 'utf8')
  const folder = await copyOf(file, name)
  await tryOnce({}, { folder })
  assert.equal(await readFile(join(folder, name), 'utf8'), key)
  assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600)
  const fresh = await temporaryFolder()
  await writeFile(join(fresh, name), 'spoilt')
  const { line } = await tryOnce({}, { folder: fresh })
  assert.match(line, /account-\w+\.pem holds no P-256 private key; restore it, or remove it for a new account$/)
  assert.equal(await readFile(join(fresh, name), 'utf8'), 'spoilt')
})

async function copyOf(file: string, name: string): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, name), await readFile(file), { mode: 0o644 })
  return folder
}

const row = (hosts: readonly string[], directory: string = directoryUrl): AcmeRow => ({
  hosts,
  acme: { directory, email: null, ca: null },
})
const impossible: readonly { readonly rows: readonly AcmeRow[]; readonly says: RegExp }[] = [
  {
    rows: [row(['*.a.test'])],
    says: /^\*\.a\.test needs DNS-01, which is not in this version; list the names, or give files$/,
  },
  { rows: [row(['192.0.2.1'])], says: /^192\.0\.2\.1 is an address; ACME is for names: give files$/ },
  { rows: [row(['a:443'])], says: /^"a:443" is no host name; / },
  { rows: [row(['A.test'])], says: /^"A\.test" is not as it is compared; write a\.test$/ },
  { rows: [row([])], says: /^a certificate has 0 hosts; give it 1 to 100$/ },
  {
    rows: [row(['a.test'], 'http://ca.test/dir')],
    says: /^acme\.directory "http:\/\/ca\.test\/dir" is no https URL; /,
  },
  { rows: [row(['a.test']), row(['a.test', 'b.test'])], says: /^two certificates begin with a\.test; / },
]
for (const { rows, says } of impossible) {
  test(`at start: ${says.source.slice(1, 60)}`, () =>
    assert.rejects(tryOnce({}, { rows }), { name: 'AcmeFailure', message: says }))
}

test('stopping ends an order that is under way, without a word', async () => {
  const authority = fakeAuthority({ '/authorization': { body: authorization } })
  const polled = Promise.withResolvers<void>()
  const said: string[] = []
  const acme = await startAcme({
    rows: [row(['a.test'])],
    folder: await temporaryFolder(),
    ways: ['http-01'],
    challenges: pendingChallenges(),
    request: () => authority.request,
    onChange: () => undefined,
    say: (line) => said.push(line),
    clock: {
      ...systemClock,
      wait: (ms, signal) => {
        polled.resolve()
        return systemClock.wait(ms, signal)
      },
    },
  })
  await polled.promise
  await acme.stop()
  assert.deepEqual(said, [])
})
