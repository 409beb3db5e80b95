/** Writes a configuration out again, with every default: what `config print --effective` shows. Read back, it is the same. */
import { stringify } from 'yaml'
import { z } from 'zod'
import type { Config, RuleSetConfig } from './config.ts'
import { configSchema } from './schema.ts'

/** YAML; paths are absolute, so that the text means the same wherever it is put. */
export function printConfig(config: Config): string {
  const written = z.encode(configSchema('/'), config) as { rules: Partial<Record<keyof RuleSetConfig, unknown>>[] }
  // Keys that only `crs` may have are not written where they could not be read back.
  for (const rule of written.rules) {
    if (rule.use === 'crs') continue
    for (const key of ['dir', 'profile', 'paranoia'] as const) delete rule[key]
  }
  return stringify(written, { version: '1.2', schema: 'core', lineWidth: 0, aliasDuplicateObjects: false })
}
