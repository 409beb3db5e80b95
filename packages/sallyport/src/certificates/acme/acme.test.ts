/** What an authority does wrong, each as the line that the operator reads; what goes right is authority.test.ts's. */
import assert from 'node:assert/strict'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { nonceTriesMax } from '../bounds.ts'
import { makePair, temporaryFolder } from '../certificates-under-test.ts'
import { type AcmeRow, type AcmeSettings, startAcme } from './acme.ts'
import {
  authorization,
  base,
  directoryUrl,
  type FakeAuthority,
  fakeAuthority,
  refusal,
  type Script,
} from './authority-under-test.ts'
import { pendingChallenges } from './challenges.ts'
import { systemClock } from './clock.ts'

interface Tried {
  readonly whole: string
  /** Without what every line has. */
  readonly line: string
  readonly authority: FakeAuthority
  readonly folder: string
}

/** Starts with the script, returns the first line that is said. Waits between polls pass at once; an hour is never waited for. */
async function tryOnce(script: Script, more: Partial<AcmeSettings> = {}, email: string | null = null): Promise<Tried> {
  const authority = fakeAuthority(script)
  const said = Promise.withResolvers<string>()
  const folder = more.folder ?? (await temporaryFolder())
  let elapsed = 0
  const acme = await startAcme({
    rows: [{ hosts: ['a.test'], acme: { directory: directoryUrl, email } }],
    folder,
    ways: ['http-01'],
    challenges: pendingChallenges(),
    request: authority.request,
    onChange: () => undefined,
    say: said.resolve,
    clock: {
      ...systemClock,
      elapsed: () => elapsed,
      wait: async (ms, signal) => {
        elapsed += ms
        if (elapsed > 10 * 60 * 1000) await systemClock.wait(ms, signal)
      },
    },
    ...more,
  })
  const line = await said.promise
  await acme.stop()
  return {
    whole: line,
    line: line.replace(/^certificate of a\.test: /, '').replace(/; there is none yet; .*$/, ''),
    authority,
    folder,
  }
}

const other = await makePair({ hosts: ['a.test'] })

const failures: readonly { readonly why: string; readonly script: Script; readonly says: RegExp | string }[] = [
  {
    why: 'a directory that is a page',
    script: { '/dir': { body: '<html>' } },
    says: /^the answer to the directory is no JSON object \(status 200\); see that acme\.directory names/,
  },
  {
    why: 'a directory that has moved',
    script: { '/dir': { status: 301 } },
    says: 'https://ca.test/dir answered 301; see that acme.directory names an ACME directory',
  },
  {
    why: 'a directory without orders',
    script: { '/dir': { body: { newNonce: 'x', newAccount: 'y' } } },
    says: /^the answer to the directory has no "newOrder"; /,
  },
  {
    why: 'no nonce',
    script: { '/nonce': { headers: { 'replay-nonce': 'no nonce' } } },
    says: /^the authority gave no nonce; /,
  },
  {
    why: 'nonces that are never good',
    script: { '/account': refusal('badNonce', 'stale') },
    says: 'the account was refused (badNonce): stale; the authority refuses its own nonces; try another directory if it lasts',
  },
  {
    why: 'an account that needs another',
    script: { '/account': refusal('externalAccountRequired', 'no') },
    says: /binding one is not in this version$/,
  },
  {
    why: 'an account without a place',
    script: { '/account': { status: 201, body: {} } },
    says: /^the authority names no account; /,
  },
  {
    why: 'words that forge a line',
    script: { '/new': refusal('rejectedIdentifier', `no\nready public\u001b[2J\u202e${'x'.repeat(900)}`) },
    says: /^a new order was refused \(rejectedIdentifier\): no ready public \[2J x+…; ask for names that this authority signs$/,
  },
  {
    why: 'an error that nobody knows',
    script: { '/new': { status: 500, body: { type: 'about:blank' } } },
    says: 'a new order was refused (unknown): the authority says why; the authority says why',
  },
  {
    why: 'an error without words',
    script: { '/new': { status: 503, body: '' } },
    says: /^a new order was refused \(unknown\)/,
  },
  {
    why: 'an error that is a page',
    script: { '/new': { status: 502, body: '<html>' } },
    says: /^the answer to a new order is no JSON object \(status 502\); /,
  },
  {
    why: 'an order without a place',
    script: { '/new': { status: 201, body: { authorizations: [], finalize: 'x' } } },
    says: /^the authority names no order; /,
  },
  {
    why: 'more authorizations than names',
    script: {
      '/new': {
        status: 201,
        headers: { location: `${base}/order` },
        body: { authorizations: ['a', 'b'], finalize: 'x' },
      },
    },
    says: /^the answer to a new order has no list "authorizations" of at most 1; /,
  },
  {
    why: 'a name that was not asked for',
    script: { '/authorization': { body: { ...authorization, identifier: { type: 'dns', value: 'bank.test' } } } },
    says: /^the authority asks about a strange name; /,
  },
  {
    why: 'no challenge that we can meet',
    script: { '/authorization': { body: { ...authorization, challenges: [null, { type: 'dns-01' }] } } },
    says: 'the authority offers no http-01 for a.test; give the edge a listener for another challenge',
  },
  {
    why: 'a token that is script',
    script: {
      '/authorization': { body: { ...authorization, challenges: [{ type: 'http-01', url: 'x', token: '<script>' }] } },
    },
    says: /^the authority sent a strange token; /,
  },
  {
    why: 'an authorization that never ends',
    script: { '/authorization': { body: authorization } },
    says: 'an authorization came to no end in 180 s; it is tried again by itself',
  },
  {
    why: 'CAA',
    script: {
      '/authorization': [
        { body: authorization },
        { body: { ...authorization, status: 'invalid', challenges: [{ error: refusal('caa', 'no').body }] } },
      ],
    },
    says: 'http-01 for a.test was refused (caa): no; add a CAA record that allows this authority',
  },
  {
    why: 'a challenge that failed without a word',
    script: { '/authorization': [{ body: authorization }, { body: { status: 'invalid', challenges: [] } }] },
    says: /^a\.test was not proved by http-01 \(unknown\): .*; let port 80 of a\.test reach/,
  },
  {
    why: 'an order that is invalid',
    script: { '/order': { body: { status: 'invalid', error: refusal('serverInternal', 'oops').body } } },
    says: 'the order was refused (serverInternal): oops; it is tried again by itself',
  },
  {
    why: 'an order that is done too soon',
    script: { '/order': { body: { status: 'va\nlid' } } },
    says: /^the order is va lid before its time; /,
  },
  {
    why: 'a signing request that is refused',
    script: { '/finalize': refusal('badCSR', 'P-256?') },
    says: /^the signing request was refused \(badCSR\): P-256\?; ask the authority which names/,
  },
  {
    why: 'something else than a certificate',
    script: {},
    says: /^the certificate that was issued holds no certificate; /,
  },
  {
    why: 'the certificate of somebody else',
    script: { '/certificate': { body: other.cert } },
    says: /^the certificate that was issued is not of the key that was asked for; /,
  },
]
for (const { why, script, says } of failures) {
  test(`${why} is one line that says what to do`, async () => {
    const { line } = await tryOnce(script)
    if (typeof says === 'string') assert.equal(line, says)
    else assert.match(line, says)
    assert.doesNotMatch(line, /[\n\u001b\u202e]/)
  })
}

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
  acme: { directory, email: null },
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
    request: authority.request,
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
