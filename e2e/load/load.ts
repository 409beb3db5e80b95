/** Load from a process of its own. */
import { join } from 'node:path'
import { type Program, start } from '../program.ts'
import type { Order } from './order.ts'
import type { Tally } from './tally.ts'

export interface Load extends AsyncDisposable {
  /** Resolves when the generator is done. */
  readonly tally: Promise<Tally>
  /** Begins no more, and waits for what has begun. */
  readonly stop: () => Promise<Tally>
}

export function load(order: Order): Load {
  const program: Program = start([join(import.meta.dirname, 'generator.ts'), JSON.stringify(order)])
  const tally = program.line(/^\{.*\}$/).then(([line]) => JSON.parse(line) as Tally)
  // Whoever waits for it hears of a failure; a scenario that fails elsewhere does not.
  tally.catch(() => undefined)
  const stop = (): Promise<Tally> => {
    program.process.kill('SIGTERM')
    return tally
  }
  return { tally, stop, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() }
}
