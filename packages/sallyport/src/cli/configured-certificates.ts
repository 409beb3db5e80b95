/** The certificates of a configuration: from files, by ACME what there is of them, or the development certificate where it names none. */
import { join } from 'node:path'
import { checkRows, keptEntries } from '../certificates/acme/acme.ts'
import { AcmeFailure } from '../certificates/acme/failure.ts'
import { CertificateError } from '../certificates/pair.ts'
import { type CertificateEntry, type CertificateStore, certificateStore } from '../certificates/store.ts'
import type { AcmeOrder } from '../config/files.ts'
import type { Loaded } from '../config/load.ts'
import { type DevelopmentCertificate, developmentCertificate } from '../edge/development-certificate.ts'
import { tlsOptions } from '../edge/tls-profile.ts'
import { Failure } from './failure.ts'

export interface ConfiguredCertificates {
  readonly store: CertificateStore
  /** Null: certificates are the operator's, or none is needed. */
  readonly development: DevelopmentCertificate | null
}

/** Those to obtain, in order. */
export function acmeOrders(loaded: Loaded): readonly AcmeOrder[] {
  return loaded.certificates.filter((one) => 'acme' in one)
}

/** Everything that ACME keeps. */
export function acmeFolder({ config }: Loaded): string {
  return join(config.data, 'acme')
}

/** Says the store's warnings on standard error. Throws a `Failure` of exit code 2. */
export async function compileCertificates(loaded: Loaded): Promise<ConfiguredCertificates> {
  if (loaded.config.certificates.length === 0 && loaded.config.listeners.some(({ tls }) => tls)) {
    const development = await developmentIn(loaded.config.data)
    const { certFile } = development
    const entry = { ...development, hosts: ['localhost'], certName: certFile, keyName: certFile }
    return { store: certificateStore([entry], tlsOptions), development }
  }
  const rows = acmeOrders(loaded)
  const store = await attempt(async () =>
    warned(storeOf(loaded, await keptEntries({ rows, folder: acmeFolder(loaded) }))),
  )
  return { store, development: null }
}

/** The same without what is in the data directory, which only the edge may read. */
export async function checkCertificates(loaded: Loaded): Promise<void> {
  await attempt(() => {
    checkRows(acmeOrders(loaded))
    return warned(storeOf(loaded, []))
  })
}

function warned(store: CertificateStore): CertificateStore {
  for (const warning of store.warnings) process.stderr.write(`warning: ${warning}\n`)
  return store
}

async function attempt(compile: () => CertificateStore | Promise<CertificateStore>): Promise<CertificateStore> {
  try {
    return await compile()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (error instanceof CertificateError || error instanceof AcmeFailure) throw new Failure(2, message)
    if (code === undefined) throw error
    throw new Failure(2, `cannot read what ACME keeps: ${message}; let the user of this process read it`)
  }
}

/** `obtained` in the order of `acmeOrders`; null: none yet. Throws `CertificateError`. */
export function storeOf(loaded: Loaded, obtained: readonly (CertificateEntry | null)[]): CertificateStore {
  const next = obtained.values()
  const entries = loaded.certificates.map((one) => ('acme' in one ? next.next().value : one) ?? null)
  return certificateStore(
    entries.filter((entry) => entry !== null),
    tlsOptions,
  )
}

async function developmentIn(data: string): Promise<DevelopmentCertificate> {
  try {
    return await developmentCertificate(data)
  } catch (error) {
    throw new Failure(
      2,
      `cannot keep a certificate in ${data}: ${(error as Error).message}; name another data directory`,
    )
  }
}
