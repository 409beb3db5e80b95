import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, start, temporaryFolder } from './program.ts'

const configuration = (more = ''): string => `version: 1
admin: { listen: 127.0.0.1:0 }
listeners: [{ name: plain, listen: 127.0.0.1:0, tls: false }${more}]
upstreams: { api: { url: http://127.0.0.1:1 } }
routes: [{ upstream: api }]
bounds: { drainNotice: 0s }
`

function written(text: string = configuration()): string {
  const file = join(temporaryFolder(), 'sallyport.yaml')
  writeFileSync(file, text)
  return file
}

/** Said when the file has been read: the rules are still to be compiled. */
const read = /warning: no rule set blocks/
const detecting = `rules: [{ use: core, mode: detect }]\n`

test('a reload that is asked for while the edge starts is done once it has', async () => {
  await using program = start([bin, 'edge', '--config', written(configuration() + detecting)])
  await program.line(read)
  program.process.kill('SIGHUP')
  await program.line(/^reloaded$/)
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
})

test('an edge told to stop while it starts ends at once', async () => {
  await using program = start([bin, 'edge', '--config', written(configuration() + detecting)])
  await program.line(read)
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
  assert.ok(!program.err.some((line) => line.startsWith('ready')))
})

test('an edge told to stop in the middle of a reload ends, with nothing opened behind it', async () => {
  const file = written()
  await using program = start([bin, 'edge', '--config', file])
  await program.line(/^ready plain /)
  writeFileSync(file, configuration(', { name: extra, listen: 127.0.0.1:0, tls: false }') + detecting)
  program.process.kill('SIGHUP')
  await program.line(read)
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
  assert.ok(!program.err.some((line) => line.startsWith('ready extra')))
})

test('a hundred reloads asked for at once are one after another, and two signals to stop are one', async () => {
  await using program = start([bin, 'edge', '--config', written()])
  await program.line(/^ready plain /)
  for (let i = 0; i < 100; i++) program.process.kill('SIGHUP')
  await program.line(/^reloaded$/)
  program.process.kill('SIGTERM')
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
  assert.ok(!program.err.some((line) => line.includes('refused')))
})

test('an edge whose standard error nobody reads any more goes on, and reloads', async () => {
  const file = written()
  await using program = start([bin, 'edge', '--config', file])
  const [, url = ''] = await program.line(/^admin (\S+)$/)
  await program.line(/^warning: upstream/)
  program.process.stderr?.destroy()
  const reloads = async (): Promise<boolean> =>
    (await (await fetch(`${url}/metrics`)).text()).includes('sallyport_reloads_total{outcome="done"} 1')
  program.process.kill('SIGHUP')
  while (!(await reloads()));
  program.process.kill('SIGTERM')
  assert.equal(await program.exit, 0)
})
