/** The conformance runner's command line.
 *
 *      npm run conformance -- [--crs DIR] [--seclang DIR] [--libinjection DIR]
 *                             [--prefilter on|off|both] [--only ID] [--verbose]
 *      npm run conformance -- --crs DIR --through edge [--only ID] [--verbose]
 *
 *  The engine alone is judged, or with `--through edge` the program, over sockets.
 *  `--only` takes a case or all of a rule: `920100`, `920100-4`, `operators/rx`, `test-sqli-001`.
 *  Exit code: 0 where nothing failed, 1 where something did, 2 where the suites could not be run at all. */

import { parseArgs } from 'node:util'
import { isChosen } from './cases.ts'
import { readExceptions } from './exceptions.ts'
import { edgeSuite, prefilterModes, type Suite, suitesOf } from './suites.ts'
import { added, closing, emptyTally, report, tally } from './tally.ts'

const usage =
  'usage: npm run conformance -- [--crs DIR] [--seclang DIR] [--libinjection DIR] [--prefilter on|off|both] [--through engine|edge] [--only ID] [--verbose]'

function readCommandLine() {
  const { values } = parseArgs({
    options: {
      crs: { type: 'string' },
      seclang: { type: 'string' },
      libinjection: { type: 'string' },
      prefilter: { type: 'string', default: 'both' },
      through: { type: 'string', default: 'engine' },
      only: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  })
  const prefilter = prefilterModes.find((mode) => mode === values.prefilter)
  if (prefilter === undefined) throw new TypeError(`--prefilter ${values.prefilter}: expected on, off or both`)
  const suites = values.through === 'edge' ? throughEdge(values) : suitesOf(values, prefilter)
  if (suites.length === 0) throw new TypeError('no suite given')
  if (values.through !== 'edge' && values.through !== 'engine')
    throw new TypeError(`--through ${values.through}: expected engine or edge`)
  return { suites, only: values.only, verbose: values.verbose }
}

function throughEdge({ crs, seclang, libinjection }: { [name: string]: unknown }): readonly Suite[] {
  if (typeof crs !== 'string' || seclang !== undefined || libinjection !== undefined)
    throw new TypeError('--through edge: expected --crs and no other suite')
  return [edgeSuite(crs)]
}

async function run(): Promise<number> {
  const { suites, only, verbose } = readCommandLine()
  const exceptions = readExceptions()
  let overall = emptyTally
  for (const { name, title, cases, part } of suites) {
    const chosen = (await cases((id) => isChosen(id, only))).filter(({ id }) => isChosen(id, only))
    // With --only, a suite that has no such case is left out; without, an empty suite is a failure.
    if (only !== undefined && chosen.length === 0) continue
    const result = tally(name, chosen, exceptions)
    const lines = [...report(title, result, verbose)]
    if (part !== undefined) {
      const ofPart = tally(
        name,
        chosen.filter(({ id }) => part.holds(id)),
        exceptions,
      )
      lines.splice(-1, 0, `${part.title}: ${closing(ofPart)}`)
    }
    process.stdout.write(`${lines.join('\n')}\n`)
    overall = added(overall, result)
  }
  process.stdout.write(`== overall\n${closing(overall)}\n`)
  return overall.failed.length === 0 && overall.passed + overall.skipped.length > 0 ? 0 : 1
}

try {
  process.exitCode = await run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
  process.exitCode = 2
}
