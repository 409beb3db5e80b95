/** The load generator, a process of its own: `node generator.ts ORDER`, an order as JSON; one line of JSON, a tally, when all it began is done; SIGTERM is an early end.
 *  Open loop: what is due is begun whatever became of the ones before, up to a bound. */
import { setTimeout as pause } from 'node:timers/promises'
import { asking } from './asking.ts'
import { handshaking } from './handshaking.ts'
import type { Order } from './order.ts'
import { counting } from './tally.ts'

const tickMs = 5
/** Begun and not done: over it the machine, or the edge, is too slow for the rate, and no more is begun until some are. */
const pendingMax = 500

async function generate(order: Order): Promise<void> {
  const count = counting()
  const load = order.kind === 'handshakes' ? handshaking(order, count) : asking(order, count)
  const startedAt = performance.now()
  const all = order.perSecond * order.seconds
  const pending = new Set<Promise<void>>()
  let begun = 0
  let told = false
  process.once('SIGTERM', () => {
    told = true
  })
  const elapsed = (): number => (performance.now() - startedAt) / 1000
  while (!told && begun < all && elapsed() < order.seconds) {
    const due = Math.min(all, Math.ceil(elapsed() * order.perSecond))
    for (; begun < due && pending.size < pendingMax; begun++) {
      const one = load.begin(begun)
      pending.add(one)
      void one.then(() => pending.delete(one))
    }
    await pause(tickMs)
  }
  const seconds = elapsed()
  await Promise.all(pending)
  load.end()
  process.stdout.write(`${JSON.stringify(count.done(begun, seconds))}\n`)
}

await generate(JSON.parse(process.argv[2] ?? '') as Order)
