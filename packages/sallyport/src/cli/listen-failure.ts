/** A listener that cannot be opened, said to the operator: what is in the way, and what to do. */
import { formatAddress } from '../config/address.ts'
import type { Config } from '../config/config.ts'
import type { Loaded } from '../config/load.ts'
import type { ListenError } from '../edge/server.ts'
import type { EdgeSource } from './edge-source.ts'
import type { Failure } from './failure.ts'

export function listenFailure(error: ListenError, config: Config, source: EdgeSource, fault: Loaded['fault']): Failure {
  const index = config.listeners.findIndex(({ name }) => name === error.plan.name)
  const [exitCode, message] = sentence(error)
  return source.failure(exitCode, { path: ['listeners', index, 'listen'], message }, fault)
}

function sentence({ plan, code, message }: ListenError): [1 | 2, string] {
  const { listen } = plan
  const where = listen.kind === 'unix' ? listen.path : `port ${listen.port} of ${listen.host}`
  switch (code) {
    case 'EADDRINUSE':
      return [1, `${where} is taken: stop the program that has it, or listen on another`]
    case 'EACCES':
      return [
        1,
        `not allowed to listen on ${where}: choose ${listen.kind === 'unix' ? 'a folder of your own' : 'a port above 1023'}`,
      ]
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return [2, `${formatAddress(listen)} is no address of this machine: listen on one that is, such as 127.0.0.1`]
    default:
      return [1, `cannot listen on ${formatAddress(listen)}: ${message}`]
  }
}
