/** The rule sets of a configuration, compiled; what is wrong with one stands at its line, in the rule file or in the configuration. */
import type { Warning } from '@sallyport/seclang'
import type { RuleSetConfig } from '../config/config.ts'
import { faultLine } from '../config/fault.ts'
import type { Loaded } from '../config/load.ts'
import type { LoadedRuleSet, RuleSetChoice } from '../waf/load.ts'
import { Failure } from './failure.ts'

/** In order, without those that are off; those of `before` that are unchanged are taken over. Says the compiler's warnings on standard error. Throws a `Failure` of exit code 2. */
export async function compileRules(
  { config, fault }: Pick<Loaded, 'config' | 'fault'>,
  before: readonly LoadedRuleSet[] = [],
): Promise<LoadedRuleSet[]> {
  const choices = [...config.rules.map(choiceOf).entries()]
  if (choices.every(([, choice]) => choice === null)) return []
  // Loaded here, so that commands without rules do not pay for the engine.
  const [{ loadRuleSet }, { excludedAt }, { SecLangError }] = await Promise.all([
    import('../waf/load.ts'),
    import('../waf/exclusions.ts'),
    import('@sallyport/seclang'),
  ])
  const left = new Set(before)
  return choices.flatMap(([index, choice]) => {
    if (choice === null) return []
    try {
      const loaded = loadRuleSet(choice, [...left])
      // What a rule set keeps between requests is its own: one that stands in the list twice is two.
      left.delete(loaded)
      for (const warning of loaded.warnings) {
        const excluded = excludedAt(warning)
        const line = excluded === null ? warningLine(warning, choice) : excludedLine(index, excluded, warning, fault)
        process.stderr.write(`${line}\n`)
      }
      return [loaded]
    } catch (error) {
      if (error instanceof SecLangError) {
        const excluded = excludedAt(error)
        if (excluded === null) throw new Failure(2, error.message, 'located')
        const message = `${error.word} cannot be a target: ${error.reason}`
        throw new Failure(
          2,
          faultLine(fault({ path: ['rules', index, 'exclude', excluded, 'target'], message })),
          'located',
        )
      }
      const path = ['rules', index, config.rules[index]?.use === 'crs' ? 'dir' : 'use']
      throw new Failure(2, faultLine(fault({ path, message: (error as Error).message })), 'located')
    }
  })
}

/** Null: off. */
function choiceOf({ use, dir, mode, profile, paranoia, before, after, exclude }: RuleSetConfig): RuleSetChoice | null {
  if (mode === 'off') return null
  return { use: use === 'crs' && dir !== null ? dir : use, mode, profile, paranoia, before, after, exclude }
}

function warningLine({ at, reason }: Warning, { use }: RuleSetChoice): string {
  return at === null ? `${use}: warning: ${reason}` : `${at.file}:${at.line}:${at.column}: warning: ${reason}`
}

/** An exclusion is written in the configuration, and its rules are of our making: it is there that it must be mended. */
function excludedLine(ruleSet: number, exclusion: number, { reason, word }: Warning, fault: Loaded['fault']): string {
  const idle = reason.includes('names no rule')
  const which = /=(\d+)/.exec(word)?.[1] ?? word
  const message = idle
    ? `warning: rule ${which} is not in this rule set, and is not excluded from anything: correct the id, or take it out`
    : `warning: no rule of this exclusion looks at ${word}: correct the target, or take it out`
  const path = ['rules', ruleSet, 'exclude', exclusion, idle ? 'rules' : 'target']
  return faultLine(fault({ path, message }))
}
