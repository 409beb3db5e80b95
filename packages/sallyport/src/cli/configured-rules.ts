/** The rule sets of a configuration, compiled; what is wrong with one stands at its line, in the rule file or in the configuration. */
import type { Warning } from '@sallyport/seclang'
import type { RuleSetConfig } from '../config/config.ts'
import { faultLine } from '../config/fault.ts'
import type { Loaded } from '../config/load.ts'
import type { LoadedRuleSet, RuleSetChoice } from '../waf/load.ts'
import { Failure } from './failure.ts'

/** In order, without those that are off. Says the compiler's warnings on standard error. Throws a `Failure` of exit code 2. */
export async function compileRules({ config, fault }: Pick<Loaded, 'config' | 'fault'>): Promise<LoadedRuleSet[]> {
  const choices = [...config.rules.map(choiceOf).entries()]
  if (choices.every(([, choice]) => choice === null)) return []
  // Loaded here, so that commands without rules do not pay for the engine.
  const [{ loadRuleSet }, { SecLangError }] = await Promise.all([
    import('../waf/load.ts'),
    import('@sallyport/seclang'),
  ])
  return choices.flatMap(([index, choice]) => {
    if (choice === null) return []
    try {
      const loaded = loadRuleSet(choice)
      for (const warning of loaded.warnings) process.stderr.write(`${warningLine(warning, choice)}\n`)
      return [loaded]
    } catch (error) {
      if (error instanceof SecLangError) throw new Failure(2, error.message, 'located')
      const path = ['rules', index, config.rules[index]?.use === 'crs' ? 'dir' : 'use']
      throw new Failure(2, faultLine(fault({ path, message: (error as Error).message })), 'located')
    }
  })
}

/** Null: off. */
function choiceOf({ use, dir, mode, profile, paranoia, before, after }: RuleSetConfig): RuleSetChoice | null {
  if (mode === 'off') return null
  return { use: use === 'crs' && dir !== null ? dir : use, mode, profile, paranoia, before, after }
}

function warningLine({ at, reason }: Warning, { use }: RuleSetChoice): string {
  return at === null ? `${use}: warning: ${reason}` : `${at.file}:${at.line}:${at.column}: warning: ${reason}`
}
