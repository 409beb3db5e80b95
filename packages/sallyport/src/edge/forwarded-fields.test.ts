import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { edgeUnderTest, upstreamUnderTest } from './edge-under-test.ts'
import { forwardedFields } from './forwarded-fields.ts'
import type { EdgeRequest } from './request.ts'
import { isReserved } from './reserved-fields.ts'

const names = ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Request-Id']

/** Spellings of a name that reach a server's variable of the same name. */
const spellings: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.replaceAll('-', '_'),
  (name) => name.replace('-', '_').toLowerCase(),
]

test('what the edge says about a client arrives once, whatever the client says (CVE-2024-45410)', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin })
  const evil = names.flatMap((name) => spellings.map((spell) => `${spell(name)}: evil`))
  const more = ['Client-Cert: evil', 'client_cert: evil', 'X-Real-IP: evil', 'Sallyport_Assertion: evil', 'Proxy: evil']
  const nominated = `Connection: close, ${names.join(', ')}, via, sallyport-assertion, client-cert, host`
  const fields = ['Host: api.example:8', ...evil, ...more, nominated, 'X-URL-Scheme: evil', 'X-Kept: 1'].join('\r\n')
  assert.match(await edge.talk(`GET / HTTP/1.1\r\n${fields}\r\n\r\n`), /^HTTP\/1\.1 200 /)
  const arrived = upstream.arrived[0]?.rawHeaders ?? []
  const { id } = await edge.logged(0)
  assert.ok(!arrived.includes('evil'))
  assert.deepEqual(arrived.slice(arrived.indexOf('X-Kept')), [
    ...['X-Kept', '1', 'X-Forwarded-For', '127.0.0.1', 'X-Forwarded-Proto', 'https'],
    ...['X-Forwarded-Host', 'api.example:8', 'Forwarded', 'for=127.0.0.1;host="api.example:8";proto=https'],
    ...['X-Request-Id', id, 'Via', '1.1 sallyport'],
  ])
  const lower = arrived.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())
  for (const name of names) assert.equal(lower.filter((one) => one === name.toLowerCase()).length, 1)
  assert.equal(lower.filter((one) => one === 'host').length, 1)
})

test('a client in clear, of an older version, is told as such', async () => {
  await using upstream = await upstreamUnderTest()
  await using edge = await edgeUnderTest({ origin: upstream.origin, plain: true })
  await edge.talk('GET / HTTP/1.0\r\n\r\n')
  const arrived = upstream.arrived[0]?.rawHeaders ?? []
  assert.ok(arrived.includes('for=127.0.0.1;proto=http'))
  assert.ok(!arrived.includes('X-Forwarded-Host'))
  assert.ok(arrived.includes('1.0 sallyport'))
})

test('an IPv6 client stands in brackets and quotes (RFC 7239 §6)', () => {
  const request = { id: 'x', ip: '2001:db8::1', host: '[::1]:8', scheme: 'http', incoming: { httpVersion: '1.1' } }
  const fields = forwardedFields(request as unknown as EdgeRequest)
  assert.equal(fields[fields.indexOf('Forwarded') + 1], 'for="[2001:db8::1]";host="[::1]:8";proto=http')
  assert.equal(fields[1], '2001:db8::1')
})

test('any mixture of - and _ in a reserved name is reserved, and other names are not', () => {
  const mixture = fc.tuple(fc.constantFrom(...names), fc.array(fc.boolean()))
  fc.assert(
    fc.property(mixture, ([name, choices]) => {
      let i = 0
      assert.ok(isReserved(name.toLowerCase().replace(/-/g, (dash) => (choices[i++] === true ? '_' : dash))))
    }),
  )
  for (const name of [
    'forwarded-for',
    'x-request',
    'host',
    'sallyport',
    '__proto__',
    'constructor',
    'x-forwarded-fork',
  ])
    assert.equal(isReserved(name), false)
})
