/** The command line of the load scenarios.
 *
 *      npm run load -- [--only NAME,NAME] [--rate N] [--handshakes N] [--seconds N] [--reloads N]
 *
 *  Exit code: 0 where nothing was lost and memory is flat, 1 where something was, 2 where a scenario could not be played. */
import { parseArgs } from 'node:util'
import { handshakes } from './handshakes.ts'
import { memory } from './memory.ts'
import { reloads } from './reloads.ts'
import type { Plan, Scenario } from './scenario.ts'
import { stop } from './stop.ts'

const scenarios: Readonly<Record<string, Scenario>> = { handshakes, reloads, stop, memory }

function readCommandLine(): { readonly only: readonly string[]; readonly plan: Plan } {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: Object.keys(scenarios).join() },
      rate: { type: 'string', default: '500' },
      handshakes: { type: 'string', default: '1000' },
      seconds: { type: 'string', default: '20' },
      reloads: { type: 'string', default: '1000' },
    },
  })
  const whole = (text: string): number => {
    const number = Number(text)
    if (!Number.isSafeInteger(number) || number < 1) throw new TypeError(`${text}: expected a whole number`)
    return number
  }
  const only = values.only.split(',')
  for (const name of only) if (scenarios[name] === undefined) throw new TypeError(`${name}: no such scenario`)
  return {
    only,
    plan: {
      rate: whole(values.rate),
      handshakes: whole(values.handshakes),
      seconds: whole(values.seconds),
      reloads: whole(values.reloads),
    },
  }
}

async function run(): Promise<number> {
  const { only, plan } = readCommandLine()
  let failures = 0
  for (const name of only) {
    const { said, failed } = (await scenarios[name]?.(plan)) ?? { said: [], failed: true }
    if (failed) failures++
    process.stdout.write(`${[`${name}: ${failed ? 'FAILED' : 'ok'}`, ...said].join('\n  ')}\n`)
  }
  return failures === 0 ? 0 : 1
}

try {
  process.exitCode = await run()
} catch (error) {
  process.stderr.write(`load: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
