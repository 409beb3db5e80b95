/** ACME beside a running edge: started with its configuration, started anew with the next, and what it obtains put in force. */
import { type Acme, startAcme } from '../certificates/acme/acme.ts'
import type { Challenges, Way } from '../certificates/acme/challenges.ts'
import { httpsAcmeRequest } from '../certificates/acme/request.ts'
import type { Config } from '../config/config.ts'
import type { Loaded } from '../config/load.ts'
import type { Edge } from '../edge/server.ts'
import { acmeFolder, acmeOrders, storeOf } from './configured-certificates.ts'

export interface Obtaining {
  /** From now on those of this configuration, which is in force already. `soon`: the operator asks, so what failed is tried again soon.
   *  Never rejects: what goes wrong is said. */
  readonly follow: (loaded: Loaded, soon: boolean) => Promise<void>
  /** For good. */
  readonly stop: () => Promise<void>
}

/** `edge` answers the challenges from `challenges`. */
export function obtainCertificates(
  edge: Pick<Edge, 'renew'>,
  challenges: Challenges,
  say: (line: string) => void,
): Obtaining {
  let acme: Acme | null = null
  let ended = false
  let last: Promise<void> = Promise.resolve()
  const end = async (): Promise<void> => {
    const before = acme
    acme = null
    await before?.stop()
  }
  const change = async (loaded: Loaded, soon: boolean): Promise<void> => {
    await end()
    const rows = acmeOrders(loaded)
    if (ended || rows.length === 0) return
    const renew = (): void => {
      if (acme !== null) edge.renew(storeOf(loaded, acme.entries()))
    }
    acme = await startAcme({
      rows,
      folder: acmeFolder(loaded),
      ways: waysOf(loaded.config),
      challenges,
      request: (ca) => httpsAcmeRequest({ ca }),
      onChange: renew,
      say,
      soon,
    })
    // What came while the configuration was being read is not in its snapshot.
    renew()
  }
  // One after the other: two at once would write the same files.
  const afterwards = (work: () => Promise<void>): Promise<void> => {
    last = last
      .then(work)
      .catch((error: Error) => say(`certificates by ACME: ${error.message}; reload when it is mended`))
    return last
  }
  return {
    follow: (loaded, soon) => afterwards(() => change(loaded, soon)),
    stop() {
      ended = true
      return afterwards(end)
    },
  }
}

/** How the listeners let an authority prove a name; the reader has seen that there is a way. */
function waysOf({ listeners }: Config): readonly [Way, ...Way[]] {
  const tls = listeners.some((listener) => listener.tls)
  if (!listeners.some(({ serves }) => serves === 'acme')) return ['tls-alpn-01']
  return tls ? ['http-01', 'tls-alpn-01'] : ['http-01']
}
