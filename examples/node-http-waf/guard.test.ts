import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compileRules, guardedServer } from './guard.ts'

const handled: string[] = []
const server = guardedServer(
  compileRules([fileURLToPath(new URL('rules.conf', import.meta.url))]),
  (_request, body, response) => {
    handled.push(body.toString())
    response.end('handled')
  },
)

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
after(() => {
  server.close()
})

/** The status of the answer, or 'cut' where the connection ended without one. */
async function ask(method: string, path: string, body = '', type = 'application/json'): Promise<number | 'cut'> {
  const { port } = server.address() as AddressInfo
  const sent = request({ port, host: '127.0.0.1', method, path, agent: false, headers: { 'content-type': type } })
  sent.end(body)
  try {
    const [response] = await once(sent, 'response')
    response.resume()
    return response.statusCode
  } catch {
    return 'cut'
  }
}

test('an honest request reaches the handler with its body', async () => {
  assert.equal(await ask('POST', '/orders?page=2', '{"memo":"for the books"}'), 200)
  assert.deepEqual(handled, ['{"memo":"for the books"}'])
})

test('an attack in the query is refused', async () => {
  handled.length = 0
  assert.equal(await ask('GET', "/orders?id=1'%20or%20'1'='1"), 403)
  assert.deepEqual(handled, [])
})

test('an attack in a JSON body is refused', async () => {
  assert.equal(await ask('POST', '/orders', `{"id":"1' union select password from users -- "}`), 403)
  assert.deepEqual(handled, [])
})

test('a rule of phase 1 refuses with its own status', async () => {
  assert.equal(await ask('TRACE', '/orders'), 405)
})

test('a body that its type does not describe is refused with 400', async () => {
  assert.equal(await ask('POST', '/orders', '{"memo":'), 400)
})

test('a body over the bound is refused, not cut', async () => {
  assert.ok([413, 'cut'].includes(await ask('POST', '/orders', 'x'.repeat(200_000), 'text/plain')))
  assert.deepEqual(handled, [])
})
