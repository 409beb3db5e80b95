/** Sends arbitrary bytes as every part of a request through the engine, until the time is over or something breaks.
 *
 *      npm run fuzz -- [--seconds 60] [--crs DIR] [--paranoia 4] [--seed N]
 *
 *  With `--crs` the rules are those of an unpacked CRS release, else a set that names every variable, operator and
 *  transformation. Exit code: 0 where each run gave a verdict, 1 where one threw, 2 for a bad command line. */

import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { arbitraryRequest, everythingFiles, everythingRules } from '../src/cases/arbitrary.fixture.ts'
import { judge } from '../src/cases/cases.fixture.ts'
import { type Compiled, compileProgram, type Source } from '../src/compile/compile.ts'
import { enableLinearFallback } from '../src/rx/linear.ts'

const usage = 'usage: npm run fuzz -- [--seconds 60] [--crs DIR] [--paranoia 4] [--seed N]\n'

function readCommandLine() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      crs: { type: 'string' },
      paranoia: { type: 'string', default: '4' },
      seed: { type: 'string', default: String(Date.now() | 0) },
    },
  })
  const [seconds, paranoia, seed] = [values.seconds, values.paranoia, values.seed].map(Number) as [
    number,
    number,
    number,
  ]
  if (!(seconds > 0) || ![1, 2, 3, 4].includes(paranoia) || !Number.isInteger(seed)) throw new TypeError('not a number')
  return { seconds, paranoia, seed, crs: values.crs }
}

function crsSources(directory: string, paranoia: number): readonly Source[] {
  const read = (file: string): Source => ({ file, text: readFileSync(file, 'latin1') })
  const setUp = ['crs-setup.conf', 'crs-setup.conf.example'].flatMap((name) => globSync(join(directory, name)))
  const level = `SecAction "id:1,phase:1,pass,nolog,setvar:tx.blocking_paranoia_level=${paranoia}"`
  const rules = globSync(join(directory, 'rules/*.conf')).sort()
  return [...setUp.slice(0, 1).map(read), { file: 'paranoia level', text: level }, ...rules.map(read)]
}

function compileRules(crs: string | undefined, paranoia: number): Compiled {
  enableLinearFallback()
  const mode = 'detect' as const
  if (crs === undefined) {
    const readFile = (path: string) => Buffer.from(everythingFiles[path] ?? '', 'latin1')
    return compileProgram([{ file: 'everything.conf', text: everythingRules() }], { readFile, mode })
  }
  const readFile = (path: string, from: string) => readFileSync(resolve(dirname(from), path))
  return compileProgram(crsSources(crs, paranoia), { readFile, mode })
}

function run(): number {
  const { seconds, paranoia, seed, crs } = readCommandLine()
  const compiled = compileRules(crs, paranoia)
  const count = { runs: 0, matches: 0, detected: 0, slowestMilliseconds: 0 }
  const property = fc.property(arbitraryRequest, (request) => {
    const from = performance.now()
    const { transaction } = judge(compiled, request)
    count.slowestMilliseconds = Math.max(count.slowestMilliseconds, performance.now() - from)
    count.runs++
    count.matches += transaction.matchedRules.size
    if (transaction.detected !== null) count.detected++
  })
  const end = { interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false }
  const result = fc.check(property, { ...end, numRuns: Number.MAX_SAFE_INTEGER, seed })
  const { runs, matches, detected, slowestMilliseconds } = count
  process.stdout.write(
    `${runs} requests, ${matches} rules matched, ${detected} would be blocked, slowest ${slowestMilliseconds.toFixed(1)} ms, seed ${seed}\n`,
  )
  if (!result.failed) return 0
  process.stderr.write(`${JSON.stringify(result.counterexample)}\n${String((result.errorInstance as Error)?.stack)}\n`)
  return 1
}

try {
  process.exitCode = run()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${usage}`)
  process.exitCode = 2
}
