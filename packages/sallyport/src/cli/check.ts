/** `sallyport check`: reads a configuration and all that it names, compiles its rules, and starts nothing. */
import { buildCommand, type Command, type CommandContext } from '@stricli/core'
import { configFlag, readConfig } from './config-file.ts'
import { checkCertificates } from './configured-certificates.ts'
import { compileRules } from './configured-rules.ts'
import { sayFailure } from './failure.ts'

interface CheckFlags {
  readonly config: string
}

export const checkCommand: Command<CommandContext> = buildCommand<CheckFlags, [], CommandContext>({
  func: (flags) => sayFailure(() => check(flags)),
  parameters: { flags: { config: configFlag } },
  docs: { brief: 'Check a configuration file and the files that it names' },
})

/** Silent where all is sound; warnings go to standard error and do not change the exit code. */
async function check({ config: file }: CheckFlags): Promise<void> {
  const loaded = await readConfig(file)
  await checkCertificates(loaded)
  await compileRules(loaded)
}
