import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, type Program, start, temporaryFolder } from './program.ts'

const rules = (mode: string): string => `rules: [{ use: core, mode: ${mode} }]\n`
const attack = '/api/?q=%27%20UNION%20SELECT%20login,password%20FROM%20users--%20-'

interface Service extends AsyncDisposable {
  readonly file: string
  readonly folder: string
  readonly base: string
  readonly program: Program
}

/** The program over a file of two listeners, an admin listener and a log, in front of an upstream that answers. */
async function service(): Promise<Service> {
  const upstream = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const folder = temporaryFolder()
  const file = join(folder, 'sallyport.yaml')
  const base = `version: 1
admin: { listen: 127.0.0.1:0 }
log: { decisions: decisions.ndjson }
listeners: [{ name: public, listen: 127.0.0.1:0 }, { name: plain, listen: 127.0.0.1:0, tls: false }]
upstreams: { api: { url: http://127.0.0.1:${(upstream.address() as AddressInfo).port} } }
routes: [{ match: { path: /api/ }, upstream: api }]
bounds: { drainNotice: 0s }
`
  writeFileSync(file, base + rules('block'))
  const program = start([bin, 'edge', '--config', file])
  return {
    file,
    folder,
    base,
    program,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      upstream.close()
      upstream.closeAllConnections()
    },
  }
}

async function ask(
  url: string,
  agent: Agent | false = false,
): Promise<{ status: number; text: string; port: number | undefined }> {
  const sent = request(url, { agent }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const port = answer.socket.localPort
  return { status: answer.statusCode ?? 0, text: Buffer.concat(await Array.fromAsync(answer)).toString(), port }
}

async function urlOf(program: Program, what: string): Promise<string> {
  await program.line(/^ready plain /)
  const [, url = ''] =
    program.err.flatMap((line) => (line.startsWith(`${what} `) ? [/(\S+)$/.exec(line) ?? []] : []))[0] ?? []
  return url
}

test('a service says all listeners ready, reloads on SIGHUP with connections kept, refuses a broken change, and drains on SIGTERM', async () => {
  await using edge = await service()
  const { program, base, file, folder } = edge
  const [plain, admin] = [await urlOf(program, 'ready plain'), await urlOf(program, 'admin')]
  assert.match(await urlOf(program, 'ready public'), /^https:/)
  const agent = new Agent({ keepAlive: true })
  const first = await ask(`${plain}${attack}`, agent)
  writeFileSync(file, base + rules('detect'))
  program.process.kill('SIGHUP')
  await program.line(/^reloaded$/)
  const second = await ask(`${plain}${attack}`, agent)
  assert.deepEqual([first.status, second.status, second.port], [403, 200, first.port])
  writeFileSync(file, `${base}rules: [{ use: nothing.conf }]\n`)
  program.process.kill('SIGHUP')
  const [line] = await program.line(/^.*sallyport\.yaml:8:\d+: .*nothing\.conf is not there.*$/)
  assert.ok(line.startsWith(file))
  await program.line(/^reload refused/)
  assert.equal((await ask(`${plain}${attack}`, agent)).status, 200)
  agent.destroy()
  const { text } = await ask(`${admin}/metrics`)
  assert.match(text, /^sallyport_reloads_total\{outcome="refused"\} 1$/m)
  assert.match(text, /^sallyport_decisions_total\{kind="request",listener="plain",verdict="block",reason="waf"\} 1$/m)
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
  assert.deepEqual(program.out, [])
  const log = readFileSync(join(folder, 'decisions.ndjson'), 'utf8').trim().split('\n')
  assert.deepEqual(
    log.map((one) => JSON.parse(one).verdict),
    ['block', 'allow', 'allow'],
  )
})

test('a second edge on a data directory is refused in one line with exit 1, and one that was killed leaves nothing in the way', async () => {
  await using edge = await service()
  await urlOf(edge.program, 'ready plain')
  const again = (): Program => start([bin, 'edge', '--config', edge.file])
  await using second = again()
  assert.equal(await second.exit, 1)
  assert.equal(second.err.length, 1)
  assert.match(
    second.err[0] ?? '',
    /^sallyport: another edge has the data directory .*: stop it, or name another data directory$/,
  )
  // Its whole group: on an old Node the program is a child of the process that we started.
  if (edge.program.process.pid !== undefined) process.kill(-edge.program.process.pid, 'SIGKILL')
  await edge.program.exit
  await using third = again()
  await third.line(/^ready plain /)
})

test('a service whose certificate cannot be obtained says why, serves its plain listener, and ends on SIGTERM at once', async () => {
  await using edge = await service()
  await urlOf(edge.program, 'ready plain')
  const acme = `certificates: [{ hosts: [one.example.test], acme: { directory: 'https://127.0.0.1:1/dir' } }]\n`
  writeFileSync(edge.file, edge.base + rules('block') + acme)
  edge.program.process.kill('SIGHUP')
  await edge.program.line(/^certificate of one\.example\.test: 127\.0\.0\.1:1 cannot be asked: .* next try in \d+ min$/)
  assert.equal((await ask(`${await urlOf(edge.program, 'ready plain')}/api/`)).text, 'hello')
  edge.program.process.kill('SIGTERM')
  assert.equal(await edge.program.exit, 0)
})
