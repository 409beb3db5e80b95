/** Certificates by ACME (RFC 8555) for the rows of the configuration that ask for it. Everything it keeps is below one folder. */
import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { hostsPerCertificateMax } from '../bounds.ts'
import { hostName } from '../host-names.ts'
import type { Pair } from '../pair.ts'
import type { CertificateEntry } from '../store.ts'
import { accountKey, openAccount } from './account.ts'
import type { Challenges, Way } from './challenges.ts'
import { type Clock, systemClock } from './clock.ts'
import { AcmeFailure } from './failure.ts'
import { type Keeping, keepFresh } from './keep.ts'
import { issue } from './order.ts'
import { renewalAdvice, renewalId } from './renewal-info.ts'
import type { AcmeRequest } from './request.ts'
import { type Connection, openSession, readDirectory } from './session.ts'
import { readState } from './state.ts'

/** One row of the configuration's `certificates`. */
export interface AcmeRow {
  readonly hosts: readonly string[]
  readonly acme: {
    readonly directory: string
    readonly email: string | null
    /** PEM of the authorities to trust for the directory's own certificate; null: the roots that Node brings. */
    readonly ca: string | null
  }
}

export interface AcmeSettings {
  readonly rows: readonly AcmeRow[]
  /** `DATA/acme`. */
  readonly folder: string
  /** By which listeners there are: `http-01` with a plain one that serves it, `tls-alpn-01` with one that has TLS. */
  readonly ways: readonly [Way, ...Way[]]
  /** The same that the listeners answer from. */
  readonly challenges: Challenges
  /** `httpsAcmeRequest`, trusting `ca`. */
  readonly request: (ca: string | null) => AcmeRequest
  /** Told when one of `entries` changed: compile another store, swap it in. */
  readonly onChange: () => void
  /** For standard error, a line each. */
  readonly say: (line: string) => void
  /** True after a reload by hand: names whose last try failed are tried again within a minute. */
  readonly soon?: boolean
  readonly clock?: Clock
}

export interface Acme {
  /** For each row its certificate, or null while there is none; from disk at first. */
  readonly entries: () => readonly (CertificateEntry | null)[]
  /** Gives up what is under way; resolves when nothing is left of it. */
  readonly stop: () => Promise<void>
}

/** Reads what is on disk, then asks for what is missing or due while the edge runs. Throws `AcmeFailure` for rows that no
 *  authority could serve, and what reading a folder throws. */
export async function startAcme(settings: AcmeSettings): Promise<Acme> {
  const { rows, folder, say, clock = systemClock } = settings
  checkRows(rows)
  const ending = new AbortController()
  const oneAtATime = turns()
  const files = rows.map((row) => join(folder, stateFile(row)))
  const states = await Promise.all(files.map((file) => readState(file, say)))
  const pairs = states.map(({ pair }) => pair)
  const loops = rows.map((row, index) => {
    const connection: Connection = { request: settings.request(row.acme.ca), clock, signal: ending.signal }
    const keeping: Keeping = {
      hosts: row.hosts,
      file: files[index]!,
      ways: settings.ways,
      clock,
      issue: (way, replaced) => oneAtATime(() => issueFor(row, way, replaced, settings, connection)),
      advice: async ({ cert }) => renewalAdvice(await readDirectory(row.acme.directory, connection), cert, connection),
      onIssued: (pair) => {
        pairs[index] = pair
        settings.onChange()
      },
      say,
      soon: settings.soon === true,
      signal: ending.signal,
    }
    return keepFresh(keeping, states[index]!)
  })
  return {
    entries: () => rows.map((row, index) => entryOf(row, files[index]!, pairs[index] ?? null)),
    stop: async () => {
      ending.abort()
      await Promise.all(loops)
    },
  }
}

async function issueFor(
  { hosts, acme }: AcmeRow,
  way: Way,
  replaced: Pair | null,
  { folder, challenges }: AcmeSettings,
  connection: Connection,
): Promise<Pair> {
  connection.signal.throwIfAborted()
  const key = await accountKey(join(folder, `account-${short(acme.directory)}.pem`))
  const directory = await readDirectory(acme.directory, connection)
  const session = openSession(directory, key, connection)
  const account = await openAccount(session, acme.email)
  const replaces = replaced === null || directory.renewalInfo === null ? null : await renewalId(replaced.cert)
  return await issue({ session, key, account, challenges, hosts, way, replaces })
}

/** What `entries` of an ACME on these rows would begin with. Throws as `startAcme` does; asks nobody for anything. */
export async function keptEntries({
  rows,
  folder,
}: Pick<AcmeSettings, 'rows' | 'folder'>): Promise<readonly (CertificateEntry | null)[]> {
  checkRows(rows)
  return await Promise.all(
    rows.map(async (row) => {
      const file = join(folder, stateFile(row))
      // Whoever starts to obtain them says what is wrong with a file.
      const { pair } = await readState(file, () => undefined)
      return entryOf(row, file, pair)
    }),
  )
}

/** What cannot work is said at start, before an authority says it: throws `AcmeFailure`. */
export function checkRows(rows: readonly AcmeRow[]): void {
  const files = new Set<string>()
  for (const row of rows) {
    const { hosts, acme } = row
    if (!acme.directory.startsWith('https://') || !URL.canParse(acme.directory)) {
      throw new AcmeFailure(`acme.directory "${acme.directory}" is no https URL`, 'name the directory of an authority')
    }
    if (hosts.length === 0 || hosts.length > hostsPerCertificateMax) {
      throw new AcmeFailure(`a certificate has ${hosts.length} hosts`, `give it 1 to ${hostsPerCertificateMax}`)
    }
    for (const host of hosts) checkHost(host)
    const file = stateFile(row)
    if (files.has(file)) throw new AcmeFailure(`two certificates begin with ${hosts[0]}`, 'let each name its own hosts')
    files.add(file)
  }
}

function checkHost(host: string): void {
  if (host.startsWith('*.')) {
    throw new AcmeFailure(`${host} needs DNS-01, which is not in this version`, 'list the names, or give files')
  }
  if (isIP(host) !== 0) throw new AcmeFailure(`${host} is an address`, 'ACME is for names: give files')
  const name = hostName(host)
  if (name === host) return
  if (name === null) throw new AcmeFailure(`"${host}" is no host name`, 'write one such as api.example.test')
  throw new AcmeFailure(`"${host}" is not as it is compared`, `write ${name}`)
}

/** By the first host, so that a certificate that gets another host is served as it is until the wider one is there. */
function stateFile({ hosts, acme }: AcmeRow): string {
  return `${hosts[0]}-${short(acme.directory)}.json`
}

function short(directory: string): string {
  return createHash('sha256').update(directory).digest('hex').slice(0, 8)
}

function entryOf({ hosts }: AcmeRow, file: string, pair: Pair | null): CertificateEntry | null {
  return pair === null ? null : { hosts, ...pair, certName: file, keyName: file }
}

/** Orders wait for each other: one account, one line of nonces, and no crowd at the authority's door. */
function turns(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}
