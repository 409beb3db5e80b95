/** `sallyport edge`: the edge by a configuration file, or one listener in front of one upstream by flags alone. */
import { buildCommand, type Command, type CommandContext } from '@stricli/core'
import { Failure, sayFailure } from './failure.ts'
import { type Address, parseListen, parseUpstream } from './flags.ts'

interface EdgeFlags {
  readonly upstream?: string
  readonly listen?: Address
  readonly data?: string
  readonly plain?: boolean
  readonly config?: string
}

const text = (value: string): string => value

export const edgeCommand: Command<CommandContext> = buildCommand<EdgeFlags, [], CommandContext>({
  func: (flags) => sayFailure(() => edge(flags)),
  parameters: {
    flags: {
      upstream: { kind: 'parsed', parse: parseUpstream, brief: 'Where the API is', placeholder: 'URL', optional: true },
      listen: {
        kind: 'parsed',
        parse: parseListen,
        brief: 'Where to listen',
        placeholder: 'HOST:PORT',
        optional: true,
      },
      data: { kind: 'parsed', parse: text, brief: 'Data directory', placeholder: 'DIR', optional: true },
      plain: { kind: 'boolean', brief: 'Plain HTTP, no TLS', optional: true, withNegated: false },
      config: {
        kind: 'parsed',
        parse: text,
        brief: 'Configuration file, in place of the other flags',
        placeholder: 'FILE',
        optional: true,
      },
    },
  },
  docs: { brief: 'Run the edge in front of an API' },
})

/** Loaded here and not above, so that `--help` and the other commands do not pay for a server. */
async function edge({ config, ...flags }: EdgeFlags): Promise<void> {
  const source = import('./edge-source.ts')
  const chosen =
    config === undefined ? (await source).flagsSource(whole(flags)) : (await source).fileSource(alone(config, flags))
  const { runEdge } = await import('./run-edge.ts')
  await runEdge(chosen)
}

function whole({ upstream, listen, data, plain }: Omit<EdgeFlags, 'config'>) {
  if (upstream === undefined || listen === undefined || data === undefined) {
    throw new Failure(2, 'edge needs --config FILE, or --upstream URL --listen HOST:PORT --data DIR')
  }
  return { upstream, listen, data, plain: plain === true }
}

/** Two places that say where to listen would contradict each other one day. */
function alone(config: string, flags: Omit<EdgeFlags, 'config'>): string {
  const [other] = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (other !== undefined) throw new Failure(2, `--${other} goes without --config: write it in ${config}`)
  return config
}
