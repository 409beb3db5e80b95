import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bin, start, temporaryFolder } from './program.ts'

const sound = `version: 1
listeners: [{ name: public, listen: 127.0.0.1:8443 }]
upstreams: { api: { url: http://127.0.0.1:3000 } }
routes: [{ upstream: api }]
`

/** Runs the program over a configuration file. */
async function run(text: string, ...command: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const folder = temporaryFolder()
  const file = join(folder, 'sallyport.yaml')
  writeFileSync(file, text)
  writeFileSync(join(folder, 'broken.conf'), '\nSecRule ARGS "@noSuchOperator x" "id:1,phase:2,deny"\n')
  await using program = start([bin, ...command, '--config', file])
  const code = await program.exit
  const [out, err] = [program.out, program.err].map((lines) => lines.join('\n').replaceAll(`${folder}/`, ''))
  return { code, out: out ?? '', err: err ?? '' }
}

test('check is silent about a sound configuration, its built-in rules compiled, and exits 0', async () => {
  assert.deepEqual(await run(sound, 'check'), { code: 0, out: '', err: '' })
})

test('check says what deserves a look on standard error and exits 0', async () => {
  assert.deepEqual(await run(`${sound}rules: []\n`, 'check'), {
    code: 0,
    out: '',
    err: 'sallyport.yaml:5:1: warning: no rule set blocks: attacks are logged at most, and pass',
  })
})

test('check says every fault with file, line and column, and exits 2', async () => {
  assert.deepEqual(await run(`${sound}limits: []\nbounds: { headerBytesMax: 1 }\n`, 'check'), {
    code: 2,
    out: '',
    err: [
      'sallyport.yaml:5:1: "limits" is not in this version: take it out (requests are not counted)',
      'sallyport.yaml:6:27: 1 is no size: write a whole number and a unit, such as 64KiB (B, KiB, MiB, GiB)',
    ].join('\n'),
  })
})

test('check says what is wrong in a rule file at its own line, and exits 2', async () => {
  const { code, err } = await run(`${sound}rules: [{ use: ./broken.conf }]\n`, 'check')
  assert.equal(code, 2)
  assert.match(err, /^broken\.conf:2:\d+: .*noSuchOperator/)
})

test('config print gives the file as it is, and with --effective every default', async () => {
  const asWritten = await run(sound, 'config', 'print')
  assert.deepEqual([asWritten.code, `${asWritten.out}\n`], [0, sound])
  const effective = await run(sound, 'config', 'print', '--effective')
  assert.equal(effective.code, 0)
  assert.match(effective.out, /^ {2}headerBytesMax: 64KiB$/m)
})

test('config print gives nothing of a file that is not sound, and exits 2', async () => {
  const { code, out } = await run('version: 2\n', 'config', 'print', '--effective')
  assert.deepEqual([code, out], [2, ''])
})

for (const { command, says } of [
  { command: 'schema', says: /"\$schema": "https:\/\/json-schema\.org/ },
  { command: 'reference', says: /^# Configuration$/m },
]) {
  test(`config ${command} prints what docs/ has of it`, async () => {
    await using program = start([bin, 'config', command])
    assert.equal(await program.exit, 0)
    assert.match(program.out.join('\n'), says)
  })
}
