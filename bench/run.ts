/** The benchmarks' command line.
 *
 *      npm run bench -- waf [--requests FILE] [--crs DIR] [--iterations N] [--json]
 *      npm run bench -- forward [--also PROGRAM]… [--request NAME] [--seconds N] [--rounds N] [--json]
 *
 *  Figures go to standard output, and where they were taken to standard error (with `--json` both are in the one line).
 *  Exit code 2: wrong usage, a file that cannot be read, or a program that is not installed. */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { benchForward, forwardTable } from './forward.ts'
import { benchWaf, wafTable } from './waf.ts'

interface Measured {
  readonly figures: unknown
  readonly table: string
}

/** By name; each reads the command line behind it. */
const benchmarks = new Map<string, (args: readonly string[]) => Measured | Promise<Measured>>([
  ['waf', measureWaf],
  ['forward', measureForward],
])

const usage = `usage: npm run bench -- waf [--requests FILE] [--crs DIR] [--iterations N] [--json]
       npm run bench -- forward [--also PROGRAM]… [--request NAME] [--seconds N] [--rounds N] [--json]`

function measureWaf(args: readonly string[]): Measured {
  const figures = benchWaf(args)
  return { figures, table: wafTable(figures) }
}

async function measureForward(args: readonly string[]): Promise<Measured> {
  const figures = await benchForward(args)
  return { figures, table: forwardTable(figures) }
}

async function run(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2)
  const benchmark = benchmarks.get(name ?? '')
  if (benchmark === undefined) throw new TypeError(name === undefined ? 'no benchmark given' : `no benchmark "${name}"`)
  const place = placeNow()
  const { figures, table } = await benchmark(rest.filter((arg) => arg !== '--json'))
  if (rest.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ...place, benchmark: name, figures })}\n`)
    return
  }
  process.stderr.write(`${place.date}, Node ${place.node}, ${place.cores} × ${place.cpu}, load ${place.load}\n`)
  if (place.load > place.cores / 4) process.stderr.write('this machine is busy: the figures say little\n')
  process.stdout.write(table)
}

/** A figure without its machine and date is worth nothing. The load is that of the minute before. */
function placeNow() {
  const load = Math.round((loadavg()[0] ?? 0) * 100) / 100
  const date = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length)
  return { date, node: process.versions.node, cores: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown', load }
}

try {
  await run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
  process.exitCode = 2
}
