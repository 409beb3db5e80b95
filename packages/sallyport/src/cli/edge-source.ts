/** What the edge is started with: a configuration file, or flags, which are a small configuration in memory. */
import { formatAddress } from '../config/address.ts'
import type { Complaint } from '../config/complaint.ts'
import { ConfigError, faultLine } from '../config/fault.ts'
import type { Loaded } from '../config/load.ts'
import { parseConfig } from '../config/parse.ts'
import { readConfig } from './config-file.ts'
import { Failure } from './failure.ts'
import type { Address } from './flags.ts'

export interface EdgeSource {
  /** Reads it, anew at each call. Throws a `Failure`. */
  readonly load: () => Promise<Loaded>
  /** What is wrong with a part of it, as its author must be told: with file, line and column where there is a file. */
  readonly failure: (exitCode: 1 | 2, complaint: Complaint, fault: Loaded['fault']) => Failure
}

export function fileSource(file: string): EdgeSource {
  return {
    load: () => readConfig(file),
    failure: (exitCode, complaint, fault) => new Failure(exitCode, faultLine(fault(complaint)), 'located'),
  }
}

export interface EdgeFlags {
  readonly upstream: string
  readonly listen: Address
  readonly data: string
  readonly plain: boolean
}

/** One listener, one upstream, the built-in rules; everything else as a configuration that does not say it. */
export function flagsSource({ upstream, listen, data, plain }: EdgeFlags): EdgeSource {
  const text = JSON.stringify({
    version: 1,
    data,
    listeners: [{ name: 'public', listen: formatAddress({ kind: 'tcp', ...listen }), tls: !plain }],
    upstreams: { api: { url: upstream } },
    routes: [{ upstream: 'api' }],
  })
  return {
    load() {
      try {
        // JSON is YAML; relative paths are relative to where the program was started.
        const { config, fault, warnings } = parseConfig(text, 'flags')
        for (const { message } of warnings) process.stderr.write(`warning: ${message}\n`)
        return Promise.resolve({ text, config, certificates: [], upstreamTls: new Map(), warnings, fault })
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        throw new Failure(2, error.faults.map(({ message }) => message).join('; '))
      }
    },
    failure: (exitCode, { message }) => new Failure(exitCode, message),
  }
}
