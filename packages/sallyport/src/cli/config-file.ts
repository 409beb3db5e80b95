/** `--config FILE`, as the commands that have it read it. */
import type { Loaded } from '../config/load.ts'
import type { Purpose } from '../config/parse.ts'
import { Failure } from './failure.ts'

export const configFlag = {
  kind: 'parsed',
  parse: (value: string): string => value,
  brief: 'Configuration file',
  placeholder: 'FILE',
} as const

/** Loads it and says its warnings, `FILE:LINE:COL: warning: …`. Throws a `Failure` of exit code 2, a line a fault. */
export async function readConfig(file: string, purpose: Purpose = 'edge'): Promise<Loaded> {
  const [{ loadConfig }, { ConfigError, faultLine }] = await Promise.all([
    import('../config/load.ts'),
    import('../config/fault.ts'),
  ])
  try {
    const loaded = await loadConfig(file, purpose)
    for (const warning of loaded.warnings) {
      process.stderr.write(`${faultLine({ ...warning, message: `warning: ${warning.message}` })}\n`)
    }
    return loaded
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure(2, error.message, 'located')
    throw error
  }
}
