/** The rule sets of a configuration, compiled; what is wrong with one stands at its line, in the rule file or in the configuration. */
import type { SecLangError } from '@sallyport/seclang'
import type { RuleSetConfig } from '../config/config.ts'
import { faultLine } from '../config/fault.ts'
import type { Loaded } from '../config/load.ts'
import type { LoadedRuleSet, RuleSetChoice } from '../waf/load.ts'
import { Failure } from './failure.ts'

/** In order, without those that are off. Says the compiler's warnings on standard error. Throws a `Failure` of exit code 2. */
export async function compileRules({ config, fault }: Pick<Loaded, 'config' | 'fault'>): Promise<LoadedRuleSet[]> {
  const { loadRuleSet } = await import('../waf/load.ts')
  return config.rules.flatMap((rules, index) => {
    const choice = choiceOf(rules)
    if (choice === null) return []
    try {
      const loaded = loadRuleSet(choice)
      for (const { at, message } of loaded.warnings) {
        process.stderr.write(`${at.file}:${at.line}:${at.column}: warning: ${message}\n`)
      }
      return [loaded]
    } catch (error) {
      if (isSecLangError(error)) throw new Failure(2, error.message, 'located')
      const path = ['rules', index, rules.use === 'crs' ? 'dir' : 'use']
      throw new Failure(2, faultLine(fault({ path, message: (error as Error).message })), 'located')
    }
  })
}

/** Null: off. */
function choiceOf({ use, dir, mode, profile, paranoia, before, after }: RuleSetConfig): RuleSetChoice | null {
  if (mode === 'off') return null
  return { use: use === 'crs' && dir !== null ? dir : use, mode, profile, paranoia, before, after }
}

/** By name: the engine is loaded only when there is something to compile. */
function isSecLangError(error: unknown): error is SecLangError {
  return error instanceof Error && error.name === 'SecLangError'
}
