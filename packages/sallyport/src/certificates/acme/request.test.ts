import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:https'
import { type TestContext, test } from 'node:test'
import { answerBytesMax } from '../bounds.ts'
import { listening, makePair } from '../certificates-under-test.ts'
import { httpsAcmeRequest } from './request.ts'

const pair = await makePair({ hosts: ['localhost'] })
const live = new AbortController().signal

interface Origin {
  readonly url: string
  readonly asked: string[]
}

async function origin(t: TestContext): Promise<Origin> {
  const asked: string[] = []
  const server: Server = createServer(pair, (request, response) => {
    asked.push(
      `${request.method} ${request.url} ${request.headers['content-type'] ?? '-'} ${request.headers['user-agent']}`,
    )
    switch (request.url) {
      case '/moved':
        return response.writeHead(302, { location: '/secret' }).end()
      case '/long':
        return response.end('x'.repeat(answerBytesMax + 1))
      case '/full':
        return response.end('x'.repeat(answerBytesMax))
      case '/half':
        return response.writeHead(200, { 'content-length': '10' }).write('half')
      case '/silent':
        return undefined
      default:
        return response
          .writeHead(
            200,
            [
              ['Replay-Nonce', 'a'],
              ['replay-nonce', 'b'],
            ].flat(),
          )
          .end('ok')
    }
  })
  return { url: `https://localhost:${await listening(server, t)}`, asked }
}

test('an answer comes with its status, its first fields in lower case and its body', async (t) => {
  const { url, asked } = await origin(t)
  const request = httpsAcmeRequest({ ca: pair.cert })
  const answer = await request({ method: 'POST', url: `${url}/x`, body: '{}', signal: live })
  assert.deepEqual([answer.status, answer.headers['replay-nonce'], answer.body], [200, 'a', 'ok'])
  assert.deepEqual(asked, ['POST /x application/jose+json sallyport'])
  assert.equal((await request({ method: 'GET', url: `${url}/full`, signal: live })).body.length, answerBytesMax)
})

test('a redirect is an answer like any other, and is not followed', async (t) => {
  const { url, asked } = await origin(t)
  const answer = await httpsAcmeRequest({ ca: pair.cert })({ method: 'GET', url: `${url}/moved`, signal: live })
  assert.equal(answer.status, 302)
  assert.equal(asked.length, 1)
})

const failing: readonly { readonly path: string; readonly says: RegExp }[] = [
  { path: '/long', says: /^localhost:\d+ cannot be asked: its answer is longer than 131072 bytes; see that/ },
  { path: '/silent', says: /^localhost:\d+ did not answer in time; see that this machine may reach it/ },
  { path: '/half', says: /^localhost:\d+ did not answer in time; / },
]
for (const { path, says } of failing) {
  test(`an answer such as ${path} is a failure within bounds`, async (t) => {
    const { url } = await origin(t)
    const request = httpsAcmeRequest({ ca: pair.cert, timeMaxMs: 150 })
    await assert.rejects(request({ method: 'GET', url: url + path, signal: live }), {
      name: 'AcmeFailure',
      message: says,
    })
  })
}

test('an authority that is not trusted is not spoken to', async (t) => {
  const { url, asked } = await origin(t)
  const call = { method: 'GET', url, signal: live } as const
  await assert.rejects(httpsAcmeRequest()(call), /cannot be asked: self-signed certificate; /)
  assert.deepEqual(asked, [])
})

for (const url of ['http://localhost/dir', 'file:///etc/passwd', 'https://', 'x']) {
  test(`${url} is refused before anything is sent`, () =>
    assert.rejects(httpsAcmeRequest()({ method: 'GET', url, signal: live }), /is no https URL; name the https/))
}

test('what is under way ends when it is told to', async (t) => {
  const { url } = await origin(t)
  const ending = new AbortController()
  const asked = httpsAcmeRequest({ ca: pair.cert })({ method: 'GET', url: `${url}/silent`, signal: ending.signal })
  ending.abort()
  await assert.rejects(asked, { name: 'AbortError' })
})
