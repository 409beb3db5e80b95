/** The certificates of a listener, chosen by server name: exact host, then a wildcard of one label (RFC 9525 §6.3), then the
 *  first. Immutable: a reload compiles a new store and swaps it in; connections that are open keep what they began with. */
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import { hostName } from './host-names.ts'
import { CertificateError, checkPair, type Pair, pairWarnings } from './pair.ts'

/** A pair as the configuration's reader or ACME gives it. `certName` and `keyName` stand for them in messages: file names, or "the certificate of ACME". */
export interface CertificateEntry extends Pair {
  readonly hosts: readonly string[]
  readonly certName: string
  readonly keyName: string
}

export interface CertificateStore {
  /** For `SNICallback`. Allocates nothing. Undefined only where there is no certificate at all: the handshake then fails. */
  readonly select: (serverName: string) => SecureContext | undefined
  /** The first certificate, for clients that name no server: Node asks no callback for those, so it goes into the options
   *  of the listener and, at a reload, to `server.setSecureContext`. Null where there is none. */
  readonly fallback: Pair | null
  /** Sentences for the operator, each with the file it is about. */
  readonly warnings: readonly string[]
}

/** `profile` is what every context needs beside its pair: with server names, ciphers are those of the context chosen.
 *  Throws `CertificateError`, before anything is swapped. */
export function certificateStore(
  entries: readonly CertificateEntry[],
  profile: SecureContextOptions,
  now: Date = new Date(),
): CertificateStore {
  const exact = new Map<string, SecureContext>()
  // By length of ".example.test", so that a look-up compares a few ends and cuts no string.
  const wildcards = new Map<number, Wildcard[]>()
  const warnings: string[] = []
  let first: SecureContext | undefined
  for (const entry of entries) {
    const hosts = entry.hosts.map((host) => normal(host, entry.certName))
    const chain = checkPair(entry, entry.certName, entry.keyName)
    const context = contextOf(entry, profile)
    first ??= context
    for (const warning of pairWarnings(chain, hosts, now)) warnings.push(`${entry.certName} ${warning}`)
    for (const host of hosts) {
      if (!add(exact, wildcards, host, context)) {
        warnings.push(`${entry.certName} is never used for ${host}: an earlier certificate has that name`)
      }
    }
  }
  const [head] = entries
  return Object.freeze({
    select: (serverName: string) => select(exact, wildcards, serverName) ?? first,
    fallback: head === undefined ? null : Object.freeze({ cert: head.cert, key: head.key }),
    warnings: Object.freeze(warnings),
  })
}

interface Wildcard {
  /** With its dot: `.example.test`. */
  readonly end: string
  readonly context: SecureContext
}

function select(
  exact: ReadonlyMap<string, SecureContext>,
  wildcards: ReadonlyMap<number, readonly Wildcard[]>,
  serverName: string,
): SecureContext | undefined {
  const name = lowerCase(serverName)
  const found = exact.get(name)
  if (found !== undefined) return found
  const dot = name.indexOf('.')
  // A wildcard stands for one whole label, never for none.
  const candidates = dot > 0 ? wildcards.get(name.length - dot) : undefined
  if (candidates === undefined) return undefined
  for (let index = 0; index < candidates.length; index += 1) {
    const candidate = candidates[index]!
    if (name.endsWith(candidate.end)) return candidate.context
  }
  return undefined
}

/** `toLowerCase` allocates even where nothing changes (measured, V8 of Node 26). */
function lowerCase(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= 0x41 && code <= 0x5a) return text.toLowerCase()
  }
  return text
}

/** False where the name is taken: the first row wins, as everywhere in the configuration. */
function add(
  exact: Map<string, SecureContext>,
  wildcards: Map<number, Wildcard[]>,
  host: string,
  context: SecureContext,
): boolean {
  if (!host.startsWith('*.')) {
    if (exact.has(host)) return false
    exact.set(host, context)
    return true
  }
  const end = host.slice(1)
  const sameLength = wildcards.get(end.length) ?? []
  if (sameLength.some((wildcard) => wildcard.end === end)) return false
  wildcards.set(end.length, [...sameLength, { end, context }])
  return true
}

function normal(host: string, file: string): string {
  const name = hostName(host)
  if (name !== null) return name
  throw new CertificateError(file, `"${host}" is no host name`, 'write one such as api.example.test or *.example.test')
}

function contextOf({ cert, key, certName }: CertificateEntry, profile: SecureContextOptions): SecureContext {
  try {
    return createSecureContext({ ...profile, cert, key })
  } catch (error) {
    // OpenSSL refuses what is too weak for its security level, such as RSA of 1024 bits.
    throw new CertificateError(certName, `OpenSSL refuses it (${(error as Error).message})`, 'have a stronger one made')
  }
}
