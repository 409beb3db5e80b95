/** Requests without pause through a balancer to two edges, of which one is told to stop. */
import { setTimeout as pause } from 'node:timers/promises'
import { balancer } from './balancer.ts'
import { configurationOf, type LoadedEdge, makePair, startEdge } from './edges.ts'
import { load } from './load.ts'
import { outcomeOf, type Scenario } from './scenario.ts'
import { tellingUpstream } from './upstream.ts'

export const stop: Scenario = async ({ rate, seconds }) => {
  await using upstream = await tellingUpstream()
  const configuration = configurationOf({ upstream: upstream.url })
  const pair = makePair()
  await using leaving = await startEdge(configuration, pair)
  await using staying = await startEdge(configuration, pair)
  const portOf = (edge: LoadedEdge, name: string): number => Number(new URL(edge.url(name)).port)
  const edges = [leaving, staying]
  const balanced = async (name: string) =>
    await balancer(edges.map((edge) => ({ port: portOf(edge, name), probe: `${edge.admin}/readyz` })))
  await using secure = await balanced('public')
  await using plain = await balanced('plain')
  const urls = [`https://127.0.0.1:${secure.port}`, `http://127.0.0.1:${plain.port}`]
  await using clients = load({ kind: 'requests', urls, ca: pair.cert, perSecond: rate, seconds })
  await pause((seconds * 1000) / 3)
  const toldAt = performance.now()
  leaving.program.process.kill('SIGTERM')
  const code = await leaving.program.exit
  const took = ((performance.now() - toldAt) / 1000).toFixed(1)
  const { said, failed } = outcomeOf(await clients.tally, rate, 'requests')
  return {
    said: [...said, `one of two edges ended ${took} s after SIGTERM with exit code ${code}`],
    failed: failed || code !== 0,
  }
}
