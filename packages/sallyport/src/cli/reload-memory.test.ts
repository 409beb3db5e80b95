import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { Server } from 'node:https'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { queryObjects } from 'node:v8'
import { sinkOf, temporaryFolder } from '../edge/edge-under-test.ts'
import { Pool } from '../edge/upstream/pool.ts'
import { fileSource } from './edge-source.ts'
import { reload } from './reload.ts'
import { startFrom } from './start-edge.ts'

const rounds = 20

test('the servers and pools that were in force before a reload are garbage afterwards', async () => {
  const file = join(await temporaryFolder(), 'sallyport.yaml')
  await writeFile(file, configuration(0))
  const started = await startFrom(fileSource(file), sinkOf(new PassThrough()), () => undefined)
  for (let round = 1; round <= rounds; round++) {
    await writeFile(file, configuration(round))
    await (await reload(started.running)).retired
  }
  // Counts what is left after a collection; the constructor's own prototype is one of them.
  const counts = [Server, Pool].map((kind) => queryObjects(kind, { format: 'count' }))
  await started.stop()
  assert.deepEqual(
    counts.filter((count) => count > rounds / 4),
    [],
    `${counts.join(' and ')} after ${rounds} reloads`,
  )
})

/** Every round has bounds that a server is made with, and an upstream of its own. */
const configuration = (round: number): string => `version: 1
listeners: [{ name: public, listen: 127.0.0.1:0 }]
upstreams: { api: { url: "http://127.0.0.1:${1 + round}" } }
routes: [{ upstream: api }]
bounds: { idleTimeMax: ${60 + (round % 2)}s }
rules: []
`
