/** HTTP/2 as an outside tester has it: h2spec, every case, strict (github.com/summerwind/h2spec). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { bin, start, temporaryFolder } from './program.ts'

const goBin = spawnSync('go', ['env', 'GOPATH'], { encoding: 'utf8' }).stdout?.trim() ?? ''
const { PATH: inherited = '' } = process.env
const env = { ...process.env, PATH: [inherited, ...(goBin === '' ? [] : [join(goBin, 'bin')])].join(delimiter) }
const isHere = spawnSync('h2spec', ['--version'], { env }).status === 0

if (isHere) {
  test('h2spec --strict finds nothing', async () => {
    const upstream = createServer((request, response) => request.resume().once('end', () => response.end('some bytes')))
    await once(upstream.listen(0, '127.0.0.1'), 'listening')
    const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
    await using edge = start([
      bin,
      'edge',
      '--upstream',
      origin,
      '--listen',
      '127.0.0.1:0',
      '--data',
      temporaryFolder(),
    ])
    const [, port] = await edge.line(/^ready public https:\/\/127\.0\.0\.1:(\d+)$/)
    await using h2spec = start(['--strict', '-h', 'localhost', '-p', port ?? '', '-t', '-k'], 'h2spec', env)
    const code = await h2spec.exit
    upstream.close().closeAllConnections()
    const failures = h2spec.out.slice(h2spec.out.findIndex((line) => line.startsWith('Failures'))).join('\n')
    assert.match(h2spec.out.join('\n'), /\b(\d+) tests, \1 passed, 0 skipped, 0 failed/, failures)
    assert.equal(code, 0)
  })
} else {
  test('NOT RUN under h2spec: it is missing (go install github.com/summerwind/h2spec/cmd/h2spec@latest)', (t) =>
    t.diagnostic('the cases of RFC 9113 that are tests of our own still ran'))
}
