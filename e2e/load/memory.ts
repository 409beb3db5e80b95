/** Reloads by the hundred, with some traffic; what is live after a forced collection must not grow with them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../program.ts'
import { configurationOf, makePair, startEdge } from './edges.ts'
import { inspect } from './inspector.ts'
import { load } from './load.ts'
import type { Scenario } from './scenario.ts'
import { slope } from './slope.ts'
import { told } from './tally.ts'
import { tellingUpstream } from './upstream.ts'

/** A rule set of one rule, left behind by each reload, was measured as 35,000; V8's own caches move by one or two thousand. */
const bytesAReloadMax = 4096
const samples = 40
/** Of the reloads: caches fill, V8 makes machine code. */
const warmUpShare = 0.3
/** Enough that something is in flight at each change; the scenario ends the load when it is done. */
const perSecond = 50
const secondsMax = 240

export const memory: Scenario = async ({ reloads }) => {
  await using upstream = await tellingUpstream()
  const own = join(temporaryFolder(), 'own.conf')
  // Every second one changes rules of its own, every fiftieth has the built-in rules compiled again.
  const configuration = (round: number): string => {
    writeFileSync(own, `SecRule ARGS "@streq evil-${Math.floor(round / 2)}" "id:1,phase:2,deny"\n`)
    const mode = Math.floor(round / 50) % 2 === 0 ? 'block' : 'detect'
    return configurationOf({ upstream: upstream.url, rules: `{ use: core, mode: ${mode} }, { use: ${own} }` })
  }
  const pair = makePair()
  await using edge = await startEdge(configuration(0), pair, ['--inspect=127.0.0.1:0'])
  using inspector = await inspect(edge.program)
  const urls = [edge.url('public'), edge.url('plain')]
  await using clients = load({ kind: 'requests', urls, ca: pair.cert, perSecond, seconds: secondsMax })
  const taken: (readonly [number, number])[] = []
  const startedAt = performance.now()
  for (let round = 1; round <= reloads; round++) {
    await edge.change(configuration(round))
    if (round % Math.ceil(reloads / samples) === 0) taken.push([round, await inspector.liveBytes()])
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const tally = await clients.stop()
  const late = taken.filter(([round]) => round > reloads * warmUpShare)
  const grows = Math.round(slope(late))
  const [first, last] = [late[0]?.[1] ?? 0, late.at(-1)?.[1] ?? 0].map((bytes) => (bytes / 1024 / 1024).toFixed(2))
  const said = [
    `${reloads} reloads in ${seconds} s: heap and external ${first} MiB after the warm-up, ${last} MiB at the end`,
    `slope ${grows} bytes a reload, at most ${bytesAReloadMax} allowed (Theil–Sen over ${late.length} samples)`,
    `requests meanwhile: ${told(tally)}`,
  ]
  return { said, failed: grows > bytesAReloadMax || Object.keys(tally.lost).length > 0 }
}
