import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, start, temporaryFolder } from './program.ts'

interface Answered {
  readonly status: number
  readonly connection: string | undefined
}

async function ask(url: string, agent: Agent | false = false): Promise<Answered> {
  const sent = request(url, { agent }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  await Array.fromAsync(answer)
  return { status: answer.statusCode ?? 0, connection: answer.headers.connection }
}

test('an edge told to stop says so to balancers first, serves what still comes, each answer the last of its connection, then ends', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  const upstream = createServer((incoming, response) => {
    if (incoming.url === '/slow') asked.resolve(response)
    else response.end('hello')
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const file = join(temporaryFolder(), 'sallyport.yaml')
  const { port } = upstream.address() as AddressInfo
  writeFileSync(
    file,
    `version: 1
admin: { listen: 127.0.0.1:0 }
listeners: [{ name: plain, listen: 127.0.0.1:0, tls: false }]
upstreams: { api: { url: http://127.0.0.1:${port} } }
routes: [{ upstream: api }]
rules: []
bounds: { drainNotice: 1s }
`,
  )
  await using program = start([bin, 'edge', '--config', file])
  const [, plain = ''] = await program.line(/^ready plain (\S+)$/)
  const [, admin = ''] = await program.line(/^admin (\S+)$/)
  const agent = new Agent({ keepAlive: true })
  const inFlight = ask(`${plain}/slow`, agent)
  const finish = await asked.promise
  const kept = new Agent({ keepAlive: true })
  assert.deepEqual(await ask(plain, kept), { status: 200, connection: 'keep-alive' })
  program.process.kill('SIGTERM')
  const stopping = async (): Promise<boolean> => (await ask(`${admin}/readyz`)).status === 503
  while (!(await stopping()));
  for (const one of [kept, false] as const) {
    assert.deepEqual(await ask(plain, one), { status: 200, connection: 'close' })
  }
  finish.end()
  assert.deepEqual(await inFlight, { status: 200, connection: 'close' })
  assert.equal(await program.exit, 0)
  upstream.close()
})
