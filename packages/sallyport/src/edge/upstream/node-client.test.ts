import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Parsed, parse } from './parsed.fixture.ts'

/** Valid answers: status, reason, fields and a body in one of the three framings, each written in the ways that RFC 9112 leaves open. */
const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_!~'), minLength: 1, maxLength: 12 })
const value = fc.string({ unit: fc.constantFrom(...'ab ,;="\t\xe9\xff'), maxLength: 20 }).map((text) => text.trim())
const fields = fc.array(
  fc.tuple(
    token.map((name) => `x-${name}`),
    value,
  ),
  { maxLength: 8 },
)
const body = fc.string({ unit: 'binary-ascii', maxLength: 300 })
const chunk = fc.tuple(
  fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }),
  fc.constantFrom('', ';a', ';a="b c"'),
)

const framed = fc.oneof(
  body.map((text) => [`Content-Length: ${text.length}`, text] as const),
  fc.array(chunk, { maxLength: 5 }).map((chunks) => {
    const coded = chunks.map(
      ([text, extension]) => `${text.length.toString(0x10).padStart(3, '0')}${extension}\r\n${text}\r\n`,
    )
    return ['transfer-encoding: chunked', `${coded.join('')}0\r\nX-T: 1\r\n\r\n`] as const
  }),
  body.map((text) => ['Connection: close', text] as const),
)

const answers = fc
  .record({
    status: fc.constantFrom(200, 201, 301, 404, 500, 599),
    reason: fc.constantFrom('OK', '', 'So so', 'S\xf6'),
    fields,
    framed,
  })
  .map(({ status, reason, fields: sent, framed: [framing, coded] }) => {
    const lines = [...sent.map(([name, text]) => `${name}:${text.length % 2 === 0 ? ' ' : ''}${text}`), framing]
    return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('\r\n')}\r\n\r\n${coded}`
  })

test('valid answers are read as Node’s own client reads them', async () => {
  let sends = ''
  const server = createServer((socket) => socket.once('data', () => socket.end(sends, 'latin1'))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      sends = answer
      const asked = request({ port, host: '127.0.0.1', agent: false }).end()
      const [response] = await once(asked, 'response')
      const chunks: Buffer[] = await Array.fromAsync(response)
      const ours: Parsed = parse([answer])
      assert.deepEqual(
        [ours.how, ours.statuses, ours.statusText, ours.headers, ours.body],
        [
          'end',
          [response.statusCode],
          response.statusMessage,
          response.rawHeaders,
          Buffer.concat(chunks).toString('latin1'),
        ],
      )
    }),
    { numRuns: 200 },
  )
  server.close()
})
