/** The benchmarks' command line.
 *
 *      npm run bench -- waf [--requests FILE] [--crs DIR] [--iterations N] [--json]
 *
 *  Figures go to standard output, and where they were taken to standard error (with `--json` both are in the one line).
 *  Exit code 2: wrong usage, or a file that cannot be read. */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { benchWaf, wafTable } from './waf.ts'

const usage = 'usage: npm run bench -- waf [--requests FILE] [--crs DIR] [--iterations N] [--json]'

function run(): void {
  const [name, ...rest] = process.argv.slice(2)
  if (name !== 'waf') throw new TypeError(name === undefined ? 'no benchmark given' : `no benchmark "${name}"`)
  const place = placeNow()
  const figures = benchWaf(rest.filter((arg) => arg !== '--json'))
  if (rest.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ ...place, benchmark: name, figures })}\n`)
    return
  }
  process.stderr.write(`${place.date}, Node ${place.node}, ${place.cores} × ${place.cpu}, load ${place.load}\n`)
  if (place.load > place.cores / 4) process.stderr.write('this machine is busy: the figures say little\n')
  process.stdout.write(wafTable(figures))
}

/** A figure without its machine and date is worth nothing. The load is that of the minute before. */
function placeNow() {
  const load = Math.round((loadavg()[0] ?? 0) * 100) / 100
  const date = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length)
  return { date, node: process.versions.node, cores: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown', load }
}

try {
  run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
  process.exitCode = 2
}
