/** The certificate of a machine that has none: made by the edge itself for `localhost`, kept in the data directory, the same
 *  over restarts. Nobody trusts it by itself, which is right: it protects development alone. */
import { createPrivateKey, KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './snapshot.ts'

const day = 24 * 60 * 60 * 1000
/** Browsers refuse server certificates that live longer (CA/Browser Forum ballot SC-22: 398 days). */
const lifetimeMs = 397 * day
/** Renewed at a start within this time of its end. */
const renewBeforeMs = 7 * day
const ownerOnly = 0o600

export interface DevelopmentCertificate extends Certificate {
  /** The file to give to a client that should trust it (`curl --cacert`). */
  readonly certFile: string
  readonly made: boolean
}

/** Reads the pair from `directory`, or makes it where it is missing, incomplete, does not fit together or is about to expire. */
export async function developmentCertificate(
  directory: string,
  now: Date = new Date(),
): Promise<DevelopmentCertificate> {
  const certFile = join(directory, 'development-cert.pem')
  const keyFile = join(directory, 'development-key.pem')
  const kept = await readPair(certFile, keyFile)
  if (kept !== null && usable(kept, now)) return { ...kept, certFile, made: false }
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const pair = await makePair(now)
  // The key first: a crash between the two leaves a pair that does not fit, which is made anew.
  await replace(keyFile, pair.key)
  await replace(certFile, pair.cert)
  return { ...pair, certFile, made: true }
}

async function readPair(certFile: string, keyFile: string): Promise<Certificate | null> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')])
    await chmod(keyFile, ownerOnly)
    return { cert, key }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function usable({ cert, key }: Certificate, now: Date): boolean {
  try {
    const parsed = new X509Certificate(cert)
    const fits = parsed.checkPrivateKey(createPrivateKey(key))
    return fits && parsed.validFromDate <= now && parsed.validToDate.getTime() - now.getTime() > renewBeforeMs
  } catch {
    return false
  }
}

async function makePair(now: Date): Promise<Certificate> {
  // Loaded only here: most starts find the pair on disk. The metadata shim must come before the library that reads it.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(16).toString('hex'),
    name: 'CN=Sallyport development',
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + lifetimeMs - day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string
  return { cert: certificate.toString('pem'), key }
}

/** Written whole or not at all, and never readable by others for a moment. */
async function replace(file: string, text: string): Promise<void> {
  const next = `${file}.next`
  await writeFile(next, text, { mode: ownerOnly })
  await rename(next, file)
}
