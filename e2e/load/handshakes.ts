/** TLS handshakes without pause while the certificate is replaced and SIGHUP sent, time and again. */
import { setTimeout as pause } from 'node:timers/promises'
import { configurationOf, makePair, type Pair, startEdge } from './edges.ts'
import { load } from './load.ts'
import { outcomeOf, type Scenario } from './scenario.ts'
import { tellingUpstream } from './upstream.ts'

const replacements = 5

export const handshakes: Scenario = async ({ handshakes: perSecond, seconds }) => {
  await using upstream = await tellingUpstream()
  const configuration = configurationOf({ upstream: upstream.url })
  const [first, ...others] = Array.from({ length: replacements + 1 }, makePair) as [Pair, ...Pair[]]
  await using edge = await startEdge(configuration, first)
  const ca = [first, ...others].map(({ cert }) => cert).join('')
  await using clients = load({ kind: 'handshakes', urls: [edge.url('public')], ca, perSecond, seconds })
  for (const next of others) {
    await pause((seconds * 1000) / (replacements + 2))
    edge.replaceCertificate(next)
    // Once more than needed: signals come in threes where scripts are written so.
    edge.program.process.kill('SIGHUP')
    await edge.change(configuration)
  }
  const tally = await clients.tally
  const { said, failed } = outcomeOf(tally, perSecond, 'TLS handshakes')
  const shown = Object.keys(tally.shown).length
  const seen = `${replacements} times replaced, ${shown} certificates seen`
  return { said: [...said, seen], failed: failed || shown < replacements + 1 }
}
