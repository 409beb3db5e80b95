import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, start, temporaryFolder } from './program.ts'

test('an answer that tells too much is refused where its route has answers inspected, and passes where not; explain says why', async () => {
  const problem = JSON.stringify({ title: 'Error', detail: 'ORA-01756: quoted string not properly terminated' })
  const upstream = createServer((_, response) => {
    response.writeHead(500, { 'content-type': 'application/problem+json' }).end(problem)
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const folder = temporaryFolder()
  const [file, log] = [join(folder, 'sallyport.yaml'), join(folder, 'decisions.ndjson')]
  writeFileSync(
    file,
    `version: 1
log: { decisions: decisions.ndjson }
listeners: [{ name: plain, listen: 127.0.0.1:0, tls: false }]
upstreams: { api: { url: http://127.0.0.1:${(upstream.address() as AddressInfo).port} } }
routes:
  - { match: { path: /api/ }, upstream: api, response: { inspect: true, inspectMax: 64KiB } }
  - { match: { path: /raw/ }, upstream: api }
`,
  )
  await using program = start([bin, 'edge', '--config', file])
  const [, url = ''] = await program.line(/^ready plain (http:\S+)$/)

  const passed = await fetch(`${url}/raw/x`)
  assert.deepEqual([passed.status, await passed.text()], [500, problem])
  const refused = await fetch(`${url}/api/x`)
  assert.equal(refused.status, 502)
  const { type, id } = (await refused.json()) as { type: string; id: string }
  assert.equal(type, 'urn:sallyport:waf')
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)

  await using explaining = start([bin, 'explain', id, '--log', log])
  assert.equal(await explaining.exit, 0)
  assert.ok(explaining.out.includes('stage     WAF ph.4'))
  assert.ok(explaining.out.includes(`answer    ${problem.length} bytes, ${problem.length} of them inspected`))
  assert.match(explaining.out.join('\n'), /^ {2}1015010 {2}.*\n {4}\/.*\/95-answers\.conf:\d+, phase 4, core$/m)
  upstream.closeAllConnections()
  upstream.close()
})
