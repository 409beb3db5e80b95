import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { checkout, type Program, start, temporaryFolder } from './program.ts'

const script: string = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')).scripts.start

/** `npm start`, without npm. */
function demo(...flags: string[]): Program {
  return start([...script.split(' ').slice(1), ...flags])
}

test('each request that npm start prints behaves as printed, and Ctrl-C stops all', async () => {
  await using program = demo('--listen', '127.0.0.1:0', '--data', temporaryFolder())
  await program.line(/^ready public https:/)
  await program.line(/^curl .*UNION/)
  const printed = program.err.flatMap((line, i) =>
    line.startsWith('curl ') ? [{ says: program.err[i - 1] ?? '', command: line }] : [],
  )
  assert.deepEqual(
    printed.map(({ says }) => /^# (allowed|refused), (\d+)/.exec(says)?.slice(1)),
    [
      ['allowed', '201'],
      ['refused', '403'],
      ['refused', '403'],
    ],
  )
  for (const [i, { says, command }] of printed.entries()) {
    const status = hasCurl ? await statusByShell(command) : await statusOf(wordsOf(command))
    assert.equal(status, Number(/\d+/.exec(says)?.[0]), says)
    await program.lines(i + 1)
    const decision = JSON.parse(program.out.at(-1) ?? '')
    const refused = says.startsWith('# refused')
    assert.deepEqual(
      [decision.status, decision.verdict, decision.reason],
      refused ? [status, 'block', 'waf'] : [status, 'allow', null],
      says,
    )
    assert.equal(program.out.length, i + 1)
  }
  program.process.kill('SIGINT')
  assert.equal(await program.exit, 0)
})

test('npm start says what is protected, by which rules and where, without colours where nobody sees them', async () => {
  await using program = demo('--listen', '127.0.0.1:0', '--data', temporaryFolder())
  const [, url = ''] = await program.line(/^ready public (https:\S+)$/)
  await program.line(/^curl .*UNION/)
  const said = program.err.join('\n')
  for (const part of ['protected', '/api/', 'packages/sallyport/rules/core', url]) assert.ok(said.includes(part), part)
  assert.ok(!said.includes('\x1b'))
})

test('npm start stops all when the shell that npm puts around it is told to stop', async () => {
  const command = `"${process.execPath}" ${script.split(' ')[1]} --listen 127.0.0.1:0 --data "${temporaryFolder()}"; true`
  await using program = start(['-c', command], 'sh')
  await program.line(/^ready public https:/)
  program.process.kill('SIGTERM')
  await program.exit // comes when the last process that holds our pipes has ended
})

test('npm start on a taken port says so in one line and exits 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  await using program = demo('--listen', `127.0.0.1:${port}`, '--data', temporaryFolder())
  assert.equal(await program.exit, 1)
  assert.equal(program.err.length, 1)
  assert.match(program.err[0] ?? '', /is taken: stop the program that has it/)
  taken.close()
})

const hasCurl = spawnSync('curl', ['--version']).status === 0

/** As whoever copies the line would: by a shell. */
async function statusByShell(command: string): Promise<number> {
  await using shell = start(['-c', `${command} -sS --max-time 20`], 'sh')
  await shell.exit
  return Number(/^HTTP\/\S+ (\d+)/.exec(shell.out[0] ?? '')?.[1])
}

/** The words of a command line, as a shell splits them. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/** What curl sends for these words, sent without curl where a machine has none. */
async function statusOf([, ...words]: readonly string[]): Promise<number> {
  const headers: string[] = []
  let [url, data, ca] = ['', null as string | null, '']
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '-H') headers.push(words[++i] ?? '')
    else if (word === '-d') data = words[++i] ?? ''
    else if (word === '--cacert') ca = readFileSync(words[++i] ?? '', 'utf8')
    else if (word === '-u') headers.push(`Authorization: Basic ${Buffer.from(words[++i] ?? '').toString('base64')}`)
    else if (word !== '-i') url = word
  }
  const { hostname, port, pathname, search, host } = new URL(url)
  if (data !== null) headers.push(`Content-Length: ${Buffer.byteLength(data)}`)
  const socket = connect({ host: hostname, port: Number(port), ca })
  const lines = [
    `${data === null ? 'GET' : 'POST'} ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...headers,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n${data ?? ''}`)
  const answer = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString()
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
}
