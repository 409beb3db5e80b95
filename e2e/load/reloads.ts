/** Requests without pause while rules, listeners, bounds and the upstream change. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../program.ts'
import { configurationOf, makePair, startEdge } from './edges.ts'
import { load } from './load.ts'
import { outcomeOf, type Scenario } from './scenario.ts'
import { tellingUpstream } from './upstream.ts'

export const reloads: Scenario = async ({ rate, seconds }) => {
  await using one = await tellingUpstream()
  await using two = await tellingUpstream()
  const own = join(temporaryFolder(), 'own.conf')
  const extra = '{ name: extra, listen: 127.0.0.1:0, tls: false }'
  const configuration = (round: number): string => {
    writeFileSync(own, `SecRule ARGS "@streq evil-${Math.floor(round / 2)}" "id:1,phase:2,deny"\n`)
    return configurationOf({
      upstream: round % 2 === 0 ? one.url : two.url,
      listeners: round % 3 === 0 ? [] : [extra],
      rules: `{ use: core, mode: ${round % 5 === 0 ? 'detect' : 'block'} }, { use: ${own} }`,
      // Of a server: another takes its place.
      bounds: `idleTimeMax: ${10 + (round % 2)}s`,
    })
  }
  const pair = makePair()
  await using edge = await startEdge(configuration(0), pair)
  const urls = [edge.url('public'), edge.url('plain')]
  await using clients = load({ kind: 'requests', urls, ca: pair.cert, perSecond: rate, seconds })
  let round = 0
  const ended = clients.tally.then(() => true)
  while (!(await Promise.race([ended, edge.change(configuration(++round)).then(() => false)])));
  const { said, failed } = outcomeOf(await clients.tally, rate, 'requests')
  return { said: [...said, `${round} changes of configuration meanwhile`], failed }
}
