import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { sinkOf, temporaryFolder } from '../edge/edge-under-test.ts'
import { fileSource } from './edge-source.ts'
import { reload } from './reload.ts'
import { startFrom } from './start-edge.ts'

const configuration = (rules: string): string => `version: 1
listeners: [{ name: plain, listen: 127.0.0.1:0, tls: false }]
upstreams: { api: { url: http://127.0.0.1:1 } }
routes: [{ upstream: api }]
rules: [${rules}]
`

test('a reload takes over the rule sets that are as they were, and compiles those of a changed file', async () => {
  const folder = await temporaryFolder()
  const [file, own] = [join(folder, 'sallyport.yaml'), join(folder, 'own.conf')]
  const deny = (id: number): string => `SecRule ARGS "evil" "id:${id},phase:1,deny"\n`
  await writeFile(own, deny(1))
  await writeFile(file, configuration('{ use: core }, { use: own.conf }'))
  const started = await startFrom(fileSource(file), sinkOf(new PassThrough()), () => undefined)
  const { running } = started
  const change = async (rules: string) => {
    await writeFile(file, configuration(rules))
    await (await reload(running)).retired
    return running.active.ruleSets
  }
  const [core, first] = running.active.ruleSets
  // In another order, beside another, and one of them twice.
  const [one, two, three] = await change('{ use: own.conf }, { use: own.conf }, { use: core }')
  assert.deepEqual([one === first, two === first, two === one, three === core], [true, false, false, true])
  await writeFile(own, deny(2))
  const [changed, , same] = await change('{ use: own.conf }, { use: own.conf }, { use: core }')
  assert.deepEqual([changed === one, changed === two, same === core], [false, false, true])
  assert.deepEqual(running.active.snapshot.ruleSets, running.active.ruleSets)
  await started.stop()
})
