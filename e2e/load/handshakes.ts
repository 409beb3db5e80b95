/** TLS handshakes without pause while the certificate is replaced and SIGHUP sent, time and again. */
import { X509Certificate } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { configurationOf, makePair, type Pair, startEdge } from './edges.ts'
import { load } from './load.ts'
import { outcomeOf, type Scenario } from './scenario.ts'
import { shownCharacters } from './tally.ts'
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
    // More often than needed, as scripts do it.
    for (let i = 0; i < 3; i++) await edge.change(configuration)
  }
  const tally = await clients.tally
  const { said, failed } = outcomeOf(tally, perSecond, 'TLS handshakes')
  const seen = `${replacements} times replaced, ${Object.keys(tally.shown).length} certificates seen`
  // A slow machine may skip one in the middle; the last is there to stay.
  const isLast = tally.shown[digestOf(others.at(-1)?.cert ?? '')] !== undefined
  return { said: [...said, seen], failed: failed || !isLast }
}

function digestOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256.slice(0, shownCharacters)
}
