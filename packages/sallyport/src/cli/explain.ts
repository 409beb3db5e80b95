/** `sallyport explain`: why a request was decided as it was, out of the decision log and the rule files. */
import { buildCommand, type Command, type CommandContext } from '@stricli/core'
import type { NamedRuleSet } from '../waf/judge.ts'
import { configFlag, readConfig } from './config-file.ts'
import { compileRules } from './configured-rules.ts'
import { coreRules } from './core-rules.ts'
import { Failure, sayFailure } from './failure.ts'

interface ExplainFlags {
  readonly log?: string
  readonly config?: string
  readonly json?: boolean
}

export const explainCommand: Command<CommandContext> = buildCommand<ExplainFlags, [string], CommandContext>({
  func: (flags, id) => sayFailure(() => explainDecision(flags, id)),
  parameters: {
    flags: {
      log: {
        kind: 'parsed',
        parse: (value: string): string => value,
        brief: 'Decision log, a file',
        placeholder: 'FILE',
        optional: true,
      },
      config: {
        ...configFlag,
        brief: 'Configuration file, whose rule sets are taken; core without it',
        optional: true,
      },
      json: { kind: 'boolean', brief: 'One line of JSON', optional: true, withNegated: false },
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { parse: (value: string): string => value, brief: 'Id of the decision', placeholder: 'DECISION_ID' },
      ],
    },
  },
  docs: {
    brief: 'Tell why a request was decided as it was',
    fullDescription: [
      'Finds the decision in the log, from its end, and prints the request, the stage that decided, and each rule that matched with',
      'its message, file and line. The client was told the id, in its answer. Exit 1: the log has no such decision.',
    ].join('\n'),
  },
})

async function explainDecision({ log, config, json }: ExplainFlags, id: string): Promise<void> {
  if (log === undefined) throw new Failure(2, 'explain needs --log FILE: to ask a running edge is not in this version')
  const [{ findDecision }, { explain, explanationText }] = await Promise.all([
    import('./explain-find.ts'),
    import('./explain-answer.ts'),
  ])
  const decision = await findDecision(id, log)
  const explanation = explain(decision, await ruleSetsFor(decision, config))
  process.stdout.write(json === true ? `${JSON.stringify(explanation)}\n` : explanationText(explanation))
}

/** Rules are compiled only where one matched: a wrong host is explained without them. */
async function ruleSetsFor(
  { rules, detected }: { readonly rules: readonly number[]; readonly detected: object | null },
  config: string | undefined,
): Promise<readonly NamedRuleSet[]> {
  if (config !== undefined) return await compileRules(await readConfig(config, 'inspect'))
  return rules.length === 0 && detected === null ? [] : await coreRules()
}
