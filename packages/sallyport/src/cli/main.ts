/** The program `sallyport`: finds the command and runs it. Usage errors exit 2, whatever the command. */
import { buildApplication, buildRouteMap, run, type StricliProcess } from '@stricli/core'
import packageJson from '../../package.json' with { type: 'json' }
import { checkCommand } from './check.ts'
import { configPrintCommand } from './config-print.ts'
import { configReferenceCommand, configSchemaCommand } from './config-publish.ts'
import { edgeCommand } from './edge.ts'
import { explainCommand } from './explain.ts'
import { inspectCommand } from './inspect.ts'

const config = buildRouteMap({
  routes: { print: configPrintCommand, schema: configSchemaCommand, reference: configReferenceCommand },
  docs: { brief: 'Print the configuration, its schema, or its reference page' },
})

const commands = buildRouteMap({
  routes: { edge: edgeCommand, inspect: inspectCommand, check: checkCommand, explain: explainCommand, config },
  docs: { brief: packageJson.description },
})

const application = buildApplication(commands, {
  name: 'sallyport',
  versionInfo: { currentVersion: packageJson.version },
  scanner: { caseStyle: 'allow-kebab-for-camel' },
})

await run(application, process.argv.slice(2), { process: process as StricliProcess })

const usageExit = 2
// The library marks wrong usage by negative codes (-4, -5); 256 minus that would reach the shell.
if (typeof process.exitCode === 'number' && process.exitCode < 0) process.exitCode = usageExit
