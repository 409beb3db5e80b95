/** The files that a configuration names, read and looked at before anything is started with them. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { access, constants, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Complaint } from './complaint.ts'
import type { CertificateConfig, Config, RuleSetConfig, UpstreamConfig } from './config.ts'
import { isHostName } from './host.ts'
import type { Path } from './located.ts'

/** PEM: certificate with chain, and the private key that fits it. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** A pair and the names it is for. */
export interface ServerPair extends Pair {
  readonly hosts: readonly string[]
}

/** What an upstream of `https:` needs beside its URL. */
export interface UpstreamTls {
  /** PEM. Null: the public roots. */
  readonly ca: string | null
  readonly serverName: string | null
  readonly client: Pair | null
}

export interface ConfigFiles {
  /** In the order of the file; those by ACME are not among them. */
  readonly certificates: readonly ServerPair[]
  /** Of the upstreams with `https:`, by name. */
  readonly upstreams: ReadonlyMap<string, UpstreamTls>
  readonly errors: readonly Complaint[]
  readonly warnings: readonly Complaint[]
}

interface Heard {
  readonly errors: Complaint[]
  readonly warnings: Complaint[]
}

/** Reads them all; what is wrong with any is among the complaints, and never thrown. `now`: for certificates' dates. */
export async function readFiles(config: Config, now: Date): Promise<ConfigFiles> {
  const heard: Heard = { errors: [], warnings: [] }
  const certificates: ServerPair[] = []
  for (const [index, certificate] of config.certificates.entries()) {
    const pair = await readCertificate(certificate, ['certificates', index], now, heard)
    if (pair !== null) certificates.push({ hosts: certificate.hosts, ...pair })
  }
  const upstreams = new Map<string, UpstreamTls>()
  for (const [name, upstream] of Object.entries(config.upstreams)) {
    if (upstream.url.startsWith('https:')) {
      upstreams.set(name, await readUpstream(upstream, ['upstreams', name], now, heard))
    }
  }
  for (const [index, rules] of config.rules.entries()) await lookAtRules(rules, ['rules', index], heard)
  return { certificates, upstreams, ...heard }
}

async function readCertificate(
  { hosts, cert, key, acme }: CertificateConfig,
  path: Path,
  now: Date,
  heard: Heard,
): Promise<Pair | null> {
  if (acme !== null && acme.ca !== null) await readAuthorities(acme.ca, [...path, 'acme', 'ca'], heard)
  if (cert === null || key === null) return null
  const pair = await readPair(cert, key, path, now, heard)
  if (pair === null) return null
  const leaf = new X509Certificate(pair.cert)
  for (const [at, host] of hosts.entries()) {
    // `*.a.test` is asked for as any name under it.
    const asked = host.replace(/^\*\./, 'any.')
    if (!isHostName(asked) || leaf.checkHost(asked) !== undefined) continue
    const message = `${cert} is not for ${host}: give this host a certificate of its own, or take it out`
    heard.warnings.push({ path: [...path, 'hosts', at], message })
  }
  return pair
}

async function readUpstream(upstream: UpstreamConfig, path: Path, now: Date, heard: Heard): Promise<UpstreamTls> {
  const { ca, serverName, cert, key } = upstream
  return {
    ca: ca === null ? null : await readAuthorities(ca, [...path, 'ca'], heard),
    serverName,
    client: cert === null || key === null ? null : await readPair(cert, key, path, now, heard),
  }
}

/** `path`: of the mapping that has `cert` and `key`. */
async function readPair(cert: string, key: string, path: Path, now: Date, heard: Heard): Promise<Pair | null> {
  const certPath = [...path, 'cert']
  const keyPath = [...path, 'key']
  const certText = await readText(cert, certPath, heard)
  const keyText = await readText(key, keyPath, heard)
  if (certText === null || keyText === null) return null
  const leaf = tryTo(() => new X509Certificate(certText))
  if (leaf === null) heard.errors.push({ path: certPath, message: `${cert} is no certificate: give it in PEM` })
  const secret = tryTo(() => createPrivateKey(keyText))
  if (secret === null) {
    const how = 'give it in PEM, without a passphrase'
    heard.errors.push({ path: keyPath, message: `${key} is no private key that can be read: ${how}` })
  }
  if (leaf === null || secret === null) return null
  if (!leaf.checkPrivateKey(secret)) {
    heard.errors.push({ path: keyPath, message: `${key} is not the key of ${cert}: give the one it was made with` })
    return null
  }
  if (leaf.validToDate < now) {
    const message = `${cert} has expired on ${leaf.validToDate.toISOString()}: renew it`
    heard.warnings.push({ path: certPath, message })
  }
  return { cert: certText, key: keyText }
}

async function readAuthorities(file: string, path: Path, heard: Heard): Promise<string | null> {
  const text = await readText(file, path, heard)
  if (text === null || tryTo(() => new X509Certificate(text)) !== null) return text
  heard.errors.push({ path, message: `${file} is no certificate: give the authority's in PEM` })
  return null
}

async function lookAtRules({ use, dir, before, after }: RuleSetConfig, path: Path, heard: Heard): Promise<void> {
  const lists = { before, after }
  for (const [key, files] of Object.entries(lists)) {
    for (const [at, file] of files.entries()) await lookAtFile(file, [...path, key, at], heard)
  }
  if (use === 'crs') {
    if (dir !== null) await lookAtRelease(dir, [...path, 'dir'], heard)
  } else if (use !== 'core') await lookAtFile(use, [...path, 'use'], heard)
}

async function lookAtRelease(dir: string, path: Path, heard: Heard): Promise<void> {
  const rules = await stat(join(dir, 'rules')).catch(() => null)
  if (rules?.isDirectory() === true) return
  const message = `${dir} is no unpacked CRS release: give the folder that has rules/ in it`
  heard.errors.push({ path, message })
}

async function lookAtFile(file: string, path: Path, heard: Heard): Promise<void> {
  try {
    await access(file, constants.R_OK)
    if ((await stat(file)).isDirectory()) heard.errors.push({ path, message: `${file} is a folder: name a file in it` })
  } catch (error) {
    heard.errors.push({ path, message: unreadable(file, error) })
  }
}

async function readText(file: string, path: Path, heard: Heard): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    heard.errors.push({ path, message: unreadable(file, error) })
    return null
  }
}

/** Why a file cannot be read, and what to do, for whoever runs the edge. */
export function unreadable(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `${file} is not there: make it, or name another`
    case 'EACCES':
    case 'EPERM':
      return `${file} may not be read: let the user of this process read it`
    case 'EISDIR':
      return `${file} is a folder: name a file in it`
    default:
      return `${file} cannot be read: ${code ?? message}`
  }
}

/** OpenSSL's own words ("DECODER routines::unsupported") help nobody: only whether it worked counts. */
function tryTo<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
