/** `sallyport edge`: one listener in front of one upstream, from flags alone. Decisions go to standard output, all else to standard error. */
import { mkdir } from 'node:fs/promises'
import { buildCommand, type Command, type CommandContext } from '@stricli/core'
import type { DevelopmentCertificate } from '../edge/development-certificate.ts'
import type { Edge, Listener } from '../edge/server.ts'
import type { NamedRuleSet } from '../waf/judge.ts'
import { coreRules } from './core-rules.ts'
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
        brief: 'Configuration file (not in this version)',
        placeholder: 'FILE',
        optional: true,
      },
    },
  },
  docs: { brief: 'Run the edge in front of an API' },
})

async function edge(flags: EdgeFlags): Promise<void> {
  const { upstream, listen, data } = flags
  if (flags.config !== undefined)
    throw new Failure(2, '--config is not in this version: use --upstream, --listen and --data')
  if (upstream === undefined || listen === undefined || data === undefined) {
    throw new Failure(2, 'edge needs --upstream URL --listen HOST:PORT --data DIR')
  }
  const certificate = flags.plain === true ? null : await certificateIn(data)
  const running = await start(upstream, { name: 'public', ...listen, certificate })
  if (certificate !== null) say(`development certificate ${certificate.certFile}`)
  say(`ready public ${running.url}`)
}

/** Loaded here and not above, so that `--help` and the other commands do not pay for a server. */
async function start(origin: string, listener: Listener): Promise<Edge> {
  const [{ startEdge }, { connectUpstream }, { decisionLines }, ruleSets] = await Promise.all([
    import('../edge/server.ts'),
    import('../edge/upstream.ts'),
    import('../edge/decision-log.ts'),
    warmCoreRules(),
  ])
  const upstream = connectUpstream(origin)
  const onDropped = (lines: number): void => say(`decision log: its reader is slow, ${lines} lines were dropped`)
  try {
    const running = await startEdge({
      listener,
      snapshot: Object.freeze({ routes: Object.freeze([Object.freeze({ path: '/', upstream })]), ruleSets }),
      log: decisionLines(process.stdout, onDropped),
      onFault: (error, id) => say(`fault in ${id}: ${error instanceof Error ? error.stack : String(error)}`),
    })
    stopOnSignal(() => running.stop().then(() => upstream.close()))
    return running
  } catch (error) {
    await upstream.close()
    throw cannotListen(error, listener)
  }
}

/** Warm before anybody is answered: the first requests would each wait for the compiler of the machine. */
async function warmCoreRules(): Promise<readonly NamedRuleSet[]> {
  const [ruleSets, { warm }] = await Promise.all([coreRules(), import('../waf/warm.ts')])
  await warm(ruleSets)
  return ruleSets
}

/** Stops once, gracefully; a second Ctrl-C does not hurry it, since a terminal and a parent may both send the first. */
function stopOnSignal(stop: () => Promise<void>): void {
  const onSignal = (): void => void stop()
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
  // The reader of the decisions has gone: the edge goes on deciding, and says so once.
  process.stdout.on('error', () => undefined)
  process.stdout.once('error', (error) => say(`decision log: standard output is closed (${error.message})`))
}

async function certificateIn(data: string): Promise<DevelopmentCertificate> {
  const { developmentCertificate } = await import('../edge/development-certificate.ts')
  try {
    await mkdir(data, { recursive: true, mode: 0o700 })
    return await developmentCertificate(data)
  } catch (error) {
    throw new Failure(
      2,
      `cannot keep a certificate in ${data}: ${(error as Error).message}; give a --data directory of your own`,
    )
  }
}

function cannotListen(error: unknown, { host, port }: Listener): unknown {
  const { code } = error as NodeJS.ErrnoException
  switch (code) {
    case 'EADDRINUSE':
      return new Failure(1, `port ${port} of ${host} is taken: stop the program that has it, or give --listen another`)
    case 'EACCES':
      return new Failure(1, `not allowed to listen on port ${port}: give --listen a port above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Failure(2, `${host} is no address of this machine: give --listen one that is, such as 127.0.0.1`)
    default:
      return error
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
