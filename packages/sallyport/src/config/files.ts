/** The files that a configuration names, read and looked at before anything is started with them. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { access, constants, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Complaint } from './complaint.ts'
import type { AcmeConfig, CertificateConfig, Config, RuleSetConfig, UpstreamConfig } from './config.ts'
import type { Path } from './located.ts'

/** PEM: certificate with chain, and the private key that fits it. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** A pair, the names it is for and the files it is from. */
export interface ServerPair extends Pair {
  readonly hosts: readonly string[]
  readonly certName: string
  readonly keyName: string
}

/** A certificate to be had by ACME. */
export interface AcmeOrder {
  readonly hosts: readonly string[]
  /** `ca`: PEM here. */
  readonly acme: AcmeConfig
}

/** What an upstream of `https:` needs beside its URL. */
export interface UpstreamTls {
  /** PEM. Null: the public roots. */
  readonly ca: string | null
  readonly serverName: string | null
  readonly client: Pair | null
}

export interface ConfigFiles {
  /** In the order of the file. */
  readonly certificates: readonly (ServerPair | AcmeOrder)[]
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
  const certificates: (ServerPair | AcmeOrder)[] = []
  for (const [index, certificate] of config.certificates.entries()) {
    const source = await readCertificate(certificate, ['certificates', index], heard)
    if (source !== null) certificates.push(source)
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

/** Dates and names of a certificate that works are looked at where it is put to use. */
async function readCertificate(
  { hosts, cert, key, acme }: CertificateConfig,
  path: Path,
  heard: Heard,
): Promise<ServerPair | AcmeOrder | null> {
  if (acme !== null) {
    const ca = acme.ca === null ? null : await readAuthorities(acme.ca, [...path, 'acme', 'ca'], heard)
    return { hosts, acme: { ...acme, ca } }
  }
  if (cert === null || key === null) return null
  const pair = await readPair(cert, key, path, heard)
  return pair === null ? null : { hosts, ...pair, certName: cert, keyName: key }
}

async function readUpstream(upstream: UpstreamConfig, path: Path, now: Date, heard: Heard): Promise<UpstreamTls> {
  const { ca, serverName, cert, key } = upstream
  const client = cert === null || key === null ? null : await readPair(cert, key, path, heard)
  if (client !== null) {
    const { validToDate } = new X509Certificate(client.cert)
    const message = `${cert} has expired on ${validToDate.toISOString()}: renew it`
    if (validToDate < now) heard.warnings.push({ path: [...path, 'cert'], message })
  }
  return {
    ca: ca === null ? null : await readAuthorities(ca, [...path, 'ca'], heard),
    serverName,
    client,
  }
}

/** `path`: of the mapping that has `cert` and `key`. */
async function readPair(cert: string, key: string, path: Path, heard: Heard): Promise<Pair | null> {
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
