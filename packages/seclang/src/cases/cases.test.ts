/** Every case under every engine: with and without prefilter, folded and as written, in each mode. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { type Case, enginesOf, runCase } from './cases.fixture.ts'

const files = globSync('*.cases.json', { cwd: import.meta.dirname }).sort()
let cases = 0
let runs = 0

for (const file of files) {
  const title = basename(file, '.cases.json')
  for (const one of JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as readonly Case[]) {
    cases++
    test(`${title}: ${one.name}`, () => {
      for (const engine of enginesOf(one)) {
        const { mode, prefilter, fold } = engine
        try {
          runCase(one, engine)
        } catch (error) {
          if (!(error instanceof Error)) throw error
          error.message = `mode ${mode}, prefilter ${prefilter}, fold ${fold}: ${error.message}`
          throw error
        }
        runs++
      }
    })
  }
}

test('there are cases', () => assert.ok(cases > 0))

after(() => process.stdout.write(`${cases} cases × engines = ${runs} runs\n`))
