/** The rule sets where no configuration names any: the built-in rules, blocking. */
import type { NamedRuleSet } from '../waf/judge.ts'
import { Failure } from './failure.ts'

/** Throws a `Failure` of exit code 2 where they cannot be read. */
export async function coreRules(): Promise<readonly NamedRuleSet[]> {
  const { loadRuleSet } = await import('../waf/load.ts')
  const choice = { use: 'core', mode: 'block', profile: 'api', paranoia: null, before: [], after: [] } as const
  try {
    return Object.freeze([loadRuleSet(choice)])
  } catch (error) {
    throw new Failure(2, (error as Error).message)
  }
}
