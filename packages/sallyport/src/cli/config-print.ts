/** `sallyport config print`: the configuration that holds, as YAML on standard output. */
import { buildCommand, type Command, type CommandContext } from '@stricli/core'
import { configFlag, readConfig } from './config-file.ts'
import { sayFailure } from './failure.ts'

interface PrintFlags {
  readonly config: string
  readonly effective?: boolean
}

export const configPrintCommand: Command<CommandContext> = buildCommand<PrintFlags, [], CommandContext>({
  func: (flags) => sayFailure(() => print(flags)),
  parameters: {
    flags: {
      config: configFlag,
      effective: {
        kind: 'boolean',
        brief: 'With every default, and paths made absolute',
        optional: true,
        withNegated: false,
      },
    },
  },
  docs: { brief: 'Print a configuration: as written, or as it holds' },
})

/** Either way only if it is sound. */
async function print({ config: file, effective }: PrintFlags): Promise<void> {
  const { config, text } = await readConfig(file)
  if (effective !== true) {
    process.stdout.write(text)
    return
  }
  const { printConfig } = await import('../config/print.ts')
  process.stdout.write(printConfig(config))
}
