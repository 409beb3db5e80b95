/** For tests: certificates of any names and times, and folders that vanish. */
import { KeyObject, randomBytes, type webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadX509, p256 } from './acme/x509.ts'
import type { Pair } from './pair.ts'

export const day: number = 24 * 60 * 60 * 1000

export interface Made {
  readonly hosts?: readonly string[]
  readonly from?: Date
  readonly to?: Date
  /** What goes into the serial number and the authority's key identifier, in hexadecimal. */
  readonly serial?: string
  readonly authorityKeyId?: string
  /** Signed by it; otherwise by itself. */
  readonly issuer?: Authority
}

export interface Authority {
  readonly pem: string
  readonly keys: webcrypto.CryptoKeyPair
}

/** A certificate with its key; valid since yesterday, for 90 days, unless told otherwise. */
export async function makePair(made: Made = {}): Promise<Pair> {
  const { pem, keys } = await makeCertificate(made)
  return { cert: pem, key: pemOf(keys) }
}

export async function makeCertificate(made: Made = {}): Promise<Authority> {
  const x509 = await loadX509()
  const keys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const from = made.from ?? new Date(Date.now() - day)
  const subject = `CN=${randomBytes(4).toString('hex')}`
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: made.serial ?? `01${randomBytes(8).toString('hex')}`,
    subject,
    issuer: made.issuer === undefined ? subject : new x509.X509Certificate(made.issuer.pem).subject,
    notBefore: from,
    notAfter: made.to ?? new Date(from.getTime() + 90 * day),
    signingAlgorithm: p256,
    publicKey: keys.publicKey,
    signingKey: (made.issuer?.keys ?? keys).privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        (made.hosts ?? ['localhost']).map((value) => ({ type: /^\d/.test(value) ? 'ip' : 'dns', value })),
      ),
      ...(made.authorityKeyId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(made.authorityKeyId)]),
    ],
  })
  return { pem: certificate.toString('pem'), keys }
}

export function pemOf(keys: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Removed when the process ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-certificates-'))
  folders.push(folder)
  return folder
}

/** Listens on a free port, which it returns, until the test is over; then every connection is gone too. */
export async function listening(server: Server, t: { readonly after: (end: () => void) => void }): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}
