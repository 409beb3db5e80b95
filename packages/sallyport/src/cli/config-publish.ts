/** `sallyport config schema` and `sallyport config reference`: what the schema says, for programs and for people. */
import { buildCommand, type Command, type CommandContext } from '@stricli/core'

export const configSchemaCommand: Command<CommandContext> = buildCommand<Record<never, never>, [], CommandContext>({
  async func() {
    const { configJsonSchema } = await import('../config/json-schema.ts')
    process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
  },
  parameters: {},
  docs: { brief: 'Print the JSON Schema of the configuration file' },
})

export const configReferenceCommand: Command<CommandContext> = buildCommand<Record<never, never>, [], CommandContext>({
  async func() {
    const { referencePage } = await import('../config/reference.ts')
    process.stdout.write(referencePage())
  },
  parameters: {},
  docs: { brief: 'Print the reference page of the configuration file, in Markdown' },
})
