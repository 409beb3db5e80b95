import assert from 'node:assert/strict'
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
  await program.line(/Transfer-Encoding/)
  const printed = program.err.flatMap((line, i) =>
    line.startsWith('curl ') ? [{ says: program.err[i - 1] ?? '', command: wordsOf(line) }] : [],
  )
  assert.equal(printed.length, 5)
  for (const [i, { says, command }] of printed.entries()) {
    const status = await statusOf(command)
    await program.lines(i + 1)
    const decision = JSON.parse(program.out.at(-1) ?? '')
    assert.equal(decision.status, status)
    if (says.startsWith('# allowed')) assert.deepEqual([Math.floor(status / 100), decision.verdict], [2, 'allow'], says)
    else
      assert.deepEqual(
        [`${status}`, decision.reason],
        [/refused with (\d+)/.exec(says)?.[1], status === 403 ? 'waf' : 'protocol'],
        says,
      )
    assert.equal(program.out.length, i + 1)
  }
  program.process.kill('SIGINT')
  assert.equal(await program.exit, 0)
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

/** The words of a command line, as a shell splits them. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/** What curl sends for these words, sent without curl, which a machine may not have. */
async function statusOf([, ...words]: readonly string[]): Promise<number> {
  const headers: string[] = []
  let [url, data, ca] = ['', null as string | null, '']
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '-H') headers.push(words[++i] ?? '')
    else if (word === '-d') data = words[++i] ?? ''
    else if (word === '--cacert') ca = readFileSync(join(checkout, words[++i] ?? ''), 'utf8')
    else if (word !== '-i') url = word
  }
  const { hostname, port, pathname, search, host } = new URL(url)
  const chunked = headers.some((header) => /^transfer-encoding: chunked$/i.test(header))
  const length = headers.some((header) => /^content-length:/i.test(header))
  if (data !== null && !length) headers.push(`Content-Length: ${Buffer.byteLength(data)}`)
  const body = data === null ? '' : chunked ? `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n0\r\n\r\n` : data
  const socket = connect({ host: hostname, port: Number(port), ca })
  const lines = [
    `${data === null ? 'GET' : 'POST'} ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    ...headers,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  const answer = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString()
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
}
