/** What an authority does wrong, each as the line that the operator reads. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePair } from '../certificates-under-test.ts'
import { authorization, base, refusal, type Script } from './authority-under-test.ts'
import { tryOnce } from './try-under-test.ts'

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
    const { line, challenges } = await tryOnce(script)
    if (typeof says === 'string') assert.equal(line, says)
    else assert.match(line, says)
    assert.equal(challenges.answerPath('/.well-known/acme-challenge/token'), null, 'no challenge is left on offer')
    assert.doesNotMatch(line, /[\n\u001b\u202e]/)
  })
}
