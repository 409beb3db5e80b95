import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { decide, type Outcome, proceed } from './decision.ts'
import { accepted, challenges, connection, request, run } from './pipeline.ts'
import type { EdgeRequest } from './request.ts'
import { emptySnapshot } from './snapshot.ts'
import type { Stage } from './stage.ts'

const checkout = join(import.meta.dirname, '../../../..')
const asked = {} as EdgeRequest
const snapshot = emptySnapshot

/** What a stage is called in the pictures of the documents. */
const drawn: Readonly<Record<string, string>> = {
  accept: 'accept',
  tls: 'TLS',
  framing: 'framing',
  logRoom: 'log',
  http: 'HTTP',
  route: 'route',
  wafRequestHeaders: 'WAF ph.1',
  readBody: 'body',
  wafRequestBody: 'WAF ph.2',
  forward: 'upstream',
  wafResponseHeaders: 'WAF ph.3',
  readAnswer: 'answer',
  wafResponseBody: 'WAF ph.4',
  respond: 'respond',
}

test('the picture in the README shows the stages in the order of the lists', async () => {
  const readme = await readFile(join(checkout, 'README.md'), 'utf8')
  const line = readme.split('\n').find((candidate) => candidate.includes(' ─ TLS ─ '))
  const boxes = line?.split('─').map((box) => box.trim())
  const names = [...accepted, ...connection, ...request].map(
    ({ name }) => drawn[name] ?? `${name}: name it in the picture`,
  )
  assert.deepEqual(boxes, names)
})

test('the life of a request links the files of all stages, in the order of the lists', async () => {
  const text = await readFile(join(checkout, 'docs/life-of-a-request.md'), 'utf8')
  const linked = [...text.matchAll(/\]\([^)]*\/stages\/([a-z-]+)\.ts\)/g)].map(([, file]) => file)
  const alone = challenges.filter((stage) => !request.includes(stage))
  const files = [...accepted, ...connection, ...request, ...alone].map(({ name }) => fileOf(name))
  assert.deepEqual(linked, files)
})

test('the first decision ends the walk', async () => {
  const walked: string[] = []
  const saying = (name: string, outcome: Outcome | Promise<Outcome>): Stage => {
    return () => {
      walked.push(name)
      return outcome
    }
  }
  const refused = decide('route', 404)
  const stages = [saying('one', proceed), saying('two', Promise.resolve(refused)), saying('three', proceed)]
  assert.equal(await run(asked, snapshot, (error) => assert.fail(String(error)), stages), refused)
  assert.deepEqual(walked, ['one', 'two'])
})

const failing: readonly { why: string; stages: Stage[] }[] = [
  { why: 'throws', stages: [() => assert.fail('broken')] },
  { why: 'rejects', stages: [() => Promise.reject(new Error('broken'))] },
  { why: 'forgets to decide at the end', stages: [() => proceed] },
]
for (const { why, stages } of failing) {
  test(`a stage that ${why} fails closed, and says so`, async () => {
    const faults: unknown[] = []
    assert.deepEqual(await run(asked, snapshot, (error) => faults.push(error), stages), decide('internal', 500))
    assert.equal(faults.length, 1)
  })
}

function fileOf(stage: string): string {
  if (stage === 'framing') return 'http'
  return stage.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
