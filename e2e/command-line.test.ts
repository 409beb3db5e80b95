import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get, type RequestListener } from 'node:http'
import { get as getTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, type Program, start, temporaryFolder } from './program.ts'

const anywhere = ['--listen', '127.0.0.1:0']
const nowhere = ['--upstream', 'http://127.0.0.1:1']

function edge(...flags: string[]): Program {
  return start([bin, 'edge', ...flags])
}

test('the edge says ready with its real port, forwards, logs decisions alone to standard output, and exits 0 on SIGTERM', async () => {
  await using upstream = await serving((_, response) => response.end('hello'))
  const data = join(temporaryFolder(), 'data')
  await using program = edge('--upstream', upstream.origin, ...anywhere, '--data', data)
  const [, url = ''] = await program.line(/^ready public (https:\/\/127\.0\.0\.1:[1-9]\d*)$/)
  assert.equal(statSync(data).mode & 0o777, 0o700)
  const ca = readFileSync(join(data, 'development-cert.pem'))
  const [answer] = await once(getTls(`${url}/a`, { ca }), 'response')
  assert.equal(answer.statusCode, 200)
  await program.line(/"path":"\/a"/)
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
  const decisions = program.out.map((line) => JSON.parse(line))
  assert.deepEqual(
    decisions.map(({ verdict, status }) => [verdict, status]),
    [['allow', 200]],
  )
})

test('with --plain the edge speaks plain HTTP, and Ctrl-C ends it as SIGTERM does', async () => {
  await using upstream = await serving((_, response) => response.end())
  await using program = edge('--upstream', upstream.origin, ...anywhere, '--data', temporaryFolder(), '--plain')
  const [, url = ''] = await program.line(/^ready public (http:\/\/127\.0\.0\.1:\d+)$/)
  const [answer] = await once(get(url), 'response')
  assert.equal(answer.statusCode, 200)
  answer.resume()
  program.process.kill('SIGINT')
  assert.equal(await program.exit, 0)
})

test('a taken port is one line with the mend, and exit 1', async () => {
  await using taken = await serving((_, response) => response.end())
  const port = new URL(taken.origin).port
  await using program = edge(...nowhere, '--listen', `127.0.0.1:${port}`, '--data', temporaryFolder())
  assert.equal(await program.exit, 1)
  assert.deepEqual(program.err, [
    `sallyport: port ${port} of 127.0.0.1 is taken: stop the program that has it, or listen on another`,
  ])
})

test('a data directory that is a file is one line with the mend, and exit 2', async () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  await using program = edge(...nowhere, ...anywhere, '--data', file)
  assert.equal(await program.exit, 2)
  assert.match(program.err.join('\n'), /^sallyport: cannot keep anything in .*; name another data directory$/)
})

const wrong: readonly { why: string; args: string[]; says: RegExp }[] = [
  { why: 'an unknown command', args: ['egde'], says: /did you mean .*edge/ },
  { why: 'no flags', args: ['edge'], says: /--upstream URL --listen HOST:PORT --data DIR/ },
  {
    why: 'a flag left out',
    args: ['edge', ...nowhere, ...anywhere],
    says: /--upstream URL --listen HOST:PORT --data DIR/,
  },
  { why: 'a misspelt flag', args: ['edge', '--lisen', 'a:1'], says: /did you mean .*--listen/ },
  { why: 'a listen address without a port', args: ['edge', '--listen', 'a'], says: /HOST:PORT/ },
  { why: 'an upstream with a path', args: ['edge', '--upstream', 'http://a/b'], says: /no path/ },
  {
    why: 'an address of another machine',
    args: ['edge', ...nowhere, '--listen', '192.0.2.1:0', '--data', '{}'],
    says: /no address of this machine/,
  },
  {
    why: 'a configuration file and a flag beside it',
    args: ['edge', '--config', 'sallyport.yaml', ...nowhere],
    says: /--upstream goes without --config: write it in sallyport\.yaml/,
  },
]
for (const { why, args, says } of wrong) {
  test(`${why} is wrong usage: said in a line, exit 2`, async () => {
    const filled = args.map((arg) => (arg === '{}' ? temporaryFolder() : arg))
    await using program = start([bin, ...filled])
    assert.equal(await program.exit, 2)
    assert.deepEqual(program.out, [])
    assert.equal(program.err.length, 1)
    assert.match(program.err.join('\n'), says)
  })
}

test('--help and --version answer on standard output and exit 0', async () => {
  await using help = start([bin, '--help'])
  await using version = start([bin, '--version'])
  assert.deepEqual([await help.exit, await version.exit], [0, 0])
  assert.match(help.out.join('\n'), /sallyport edge/)
  assert.match(version.out.join('\n'), /^\d+\.\d+\.\d+$/)
})

async function serving(answer: RequestListener): Promise<{ origin: string } & AsyncDisposable> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
