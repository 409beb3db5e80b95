import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readExceptions } from './exceptions.ts'
import { edgeSuite, suitesOf } from './suites.ts'
import { report, tally } from './tally.ts'

/** The test data of others is no part of the repository; where it lies beside it, `npm test` runs all of it. */
const data = fileURLToPath(new URL('../../shared/data/', import.meta.url))

if (existsSync(data)) {
  const directories = {
    crs: `${data}crs-4.28.0`,
    seclang: `${data}seclang-tests`,
    libinjection: `${data}libinjection-tests`,
  }
  for (const { name, title, cases } of [...suitesOf(directories, 'both'), edgeSuite(directories.crs)]) {
    test(`${title}: no published test fails`, async (t) => {
      const result = tally(name, await cases(() => true), readExceptions())
      const lines = report(title, result, false)
      t.diagnostic(`${title}: ${lines.at(-1)}`)
      assert.equal(result.failed.length, 0, lines.join('\n'))
    })
  }
} else {
  test('conformance was LEFT OUT: the published test data is not at ../shared/data', (t) => {
    const message = `conformance left out: there is no ${data}; give directories to \`npm run conformance\` instead`
    t.diagnostic(message)
    t.skip(message)
  })
}
