/** The conformance runner's command line.
 *
 *      npm run conformance -- [--crs DIR] [--seclang DIR] [--libinjection DIR]
 *                             [--prefilter on|off|both] [--only ID] [--verbose]
 *
 *  `--only` takes a case or all of a rule: `920100`, `920100-4`, `operators/rx`, `test-sqli-001`.
 *  Exit code: 0 where nothing failed, 1 where something did, 2 for a command line that makes no sense. */

import { parseArgs } from 'node:util'
import { type Case, isChosen } from './cases.ts'
import { readExceptions, type SuiteName } from './exceptions.ts'
import { libinjectionCases } from './libinjection/suite.ts'
import { seclangCases } from './seclang/suite.ts'
import { added, closing, emptyTally, report, tally } from './tally.ts'

const usage = `usage: npm run conformance -- [--crs DIR] [--seclang DIR] [--libinjection DIR] [--prefilter on|off|both] [--only ID] [--verbose]\n`

interface Suite {
  readonly name: SuiteName
  readonly title: string
  readonly cases: () => readonly Case[]
}

function readCommandLine() {
  try {
    return parseArgs({
      options: {
        crs: { type: 'string' },
        seclang: { type: 'string' },
        libinjection: { type: 'string' },
        prefilter: { type: 'string', default: 'both' },
        only: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    return null
  }
}

function run(): number {
  const options = readCommandLine()
  if (options === null) return 2
  const { seclang, libinjection, only, verbose } = options
  const suites: Suite[] = []
  if (seclang !== undefined) suites.push({ name: 'seclang', title: 'seclang', cases: () => seclangCases(seclang) })
  if (libinjection !== undefined) {
    suites.push({ name: 'libinjection', title: 'libinjection', cases: () => libinjectionCases(libinjection) })
  }
  if (suites.length === 0) {
    process.stderr.write(usage)
    return 2
  }
  const exceptions = readExceptions()
  let overall = emptyTally
  for (const { name, title, cases } of suites) {
    const chosen = cases().filter(({ id }) => isChosen(id, only))
    const result = tally(name, chosen, exceptions)
    process.stdout.write(`${report(title, result, verbose).join('\n')}\n`)
    overall = added(overall, result)
  }
  process.stdout.write(`== overall\n${closing(overall)}\n`)
  return overall.failed.length === 0 ? 0 : 1
}

process.exitCode = run()
