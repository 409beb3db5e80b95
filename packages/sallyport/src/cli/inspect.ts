/** `sallyport inspect`: judges requests offline, as the edge would. Answers go to standard output, a line each; warnings to standard error. */
import { createReadStream } from 'node:fs'
import { buildCommand, type Command, type CommandContext } from '@stricli/core'
import { inspectLineBytesMax } from '../edge/bounds.ts'
import type { LoadedRuleSet, Profile } from '../waf/load.ts'
import { readConfig } from './config-file.ts'
import { compileRules } from './configured-rules.ts'
import { Failure, sayFailure } from './failure.ts'

interface InspectFlags {
  readonly rules?: readonly string[]
  readonly config?: string
  readonly profile?: Profile
  readonly before?: readonly string[]
  readonly after?: readonly string[]
  readonly paranoia?: number
  readonly mode?: 'detect' | 'block'
  readonly ndjson?: boolean
}

const text = (value: string): string => value

export const inspectCommand: Command<CommandContext> = buildCommand<InspectFlags, [string?], CommandContext>({
  func: (flags, file) => sayFailure(() => inspect(flags, file)),
  parameters: {
    flags: {
      rules: {
        kind: 'parsed',
        parse: text,
        brief: 'core (the default), an unpacked CRS release, or a file of SecLang; may be repeated',
        placeholder: 'core|DIR|FILE',
        variadic: true,
        optional: true,
      },
      config: {
        kind: 'parsed',
        parse: text,
        brief: 'Configuration file, whose rule sets are taken',
        placeholder: 'FILE',
        optional: true,
      },
      profile: {
        kind: 'enum',
        values: ['api', 'stock'],
        brief: 'Settings of CRS: for APIs (the default), or as published',
        optional: true,
      },
      before: {
        kind: 'parsed',
        parse: text,
        brief: 'SecLang to load before each rule set',
        placeholder: 'FILE',
        variadic: true,
        optional: true,
      },
      after: {
        kind: 'parsed',
        parse: text,
        brief: 'SecLang to load after each rule set',
        placeholder: 'FILE',
        variadic: true,
        optional: true,
      },
      paranoia: {
        kind: 'parsed',
        parse: parseParanoia,
        brief: 'Paranoia level of CRS, 1 to 4',
        placeholder: 'N',
        optional: true,
      },
      mode: {
        kind: 'enum',
        values: ['detect', 'block'],
        brief: 'Block (the default), or allow and tell in "detected" what blocking would have done',
        optional: true,
      },
      ndjson: {
        kind: 'boolean',
        brief: 'Read one JSON object a line; without it, one raw HTTP/1.1 request',
        optional: true,
        withNegated: false,
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [{ parse: text, brief: 'Input; standard input without it', placeholder: 'FILE', optional: true }],
    },
  },
  docs: {
    brief: 'Judge requests offline',
    fullDescription: [
      'Judges one raw HTTP/1.1 request, or with --ndjson one JSON object a line: {"id":…,"raw":"<base64>"}, or its parts',
      '{"id":…,"method":…,"target":…,"headers":[[name,value],…],"body":"<base64>","response":{"status":…,"headers":…,"body":…}}.',
      'One line of JSON answers each, in order. A line without an id is answered with id null, a line that cannot be read with',
      '{"id":…,"error":…}; blank lines are passed over. Requests come from 192.0.2.1. An allowed request has status 200.',
      'Exit 0: every line was judged; 1: one or more had an error; 2: wrong usage, or a rule file that cannot be used.',
    ].join('\n'),
  },
})

const paranoiaMax = 4

function parseParanoia(value: string): number {
  const level = /^\d$/.test(value) ? Number(value) : 0
  if (level < 1 || level > paranoiaMax) throw new SyntaxError('write a level from 1 to 4')
  return level
}

async function inspect(flags: InspectFlags, file: string | undefined): Promise<void> {
  const ruleSets = flags.config === undefined ? await load(flags) : await loadConfigured(flags.config, flags)
  const input = file === undefined ? process.stdin : createReadStream(file)
  const { judgeLines, judgeRaw } = await import('./inspect-run.ts')
  try {
    const judged = flags.ndjson === true ? judgeLines : judgeRaw
    const clean = await judged(input, ruleSets, inspectLineBytesMax)
    if (!clean) process.exitCode = 1
  } catch (error) {
    if (input.errored !== error) throw error
    throw new Failure(2, `cannot read ${file ?? 'standard input'}: ${(error as Error).message}`)
  } finally {
    input.destroy()
  }
}

/** Loads the engine only now, so that `--help` and the other commands do not pay for it. */
async function load(flags: InspectFlags): Promise<readonly LoadedRuleSet[]> {
  const { loadRuleSet } = await import('../waf/load.ts')
  const { rules = ['core'], mode = 'block', profile = 'api', paranoia = null, before = [], after = [] } = flags
  return rules.map((use) => {
    try {
      const ruleSet = loadRuleSet({ use, mode, profile, paranoia, before, after })
      for (const { at, reason } of ruleSet.warnings)
        process.stderr.write(`${at === null ? use : `${at.file}:${at.line}:${at.column}`}: warning: ${reason}\n`)
      return ruleSet
    } catch (error) {
      throw new Failure(2, (error as Error).message)
    }
  })
}

/** The rule sets of a configuration; `--mode` beats what it says of those that are on. */
async function loadConfigured(file: string, flags: InspectFlags): Promise<readonly LoadedRuleSet[]> {
  for (const name of ['rules', 'profile', 'before', 'after', 'paranoia'] as const)
    if (flags[name] !== undefined)
      throw new Failure(2, `--${name} beside --config: say it in ${file}, or leave --config out`)
  const { config, fault } = await readConfig(file, 'inspect')
  const { mode } = flags
  if (mode === undefined) return await compileRules({ config, fault })
  const rules = config.rules.map((rule) => (rule.mode === 'off' ? rule : { ...rule, mode }))
  return await compileRules({ config: { ...config, rules }, fault })
}
