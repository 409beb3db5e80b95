/** The account with an authority: a key that never leaves the data directory, and an e-mail address. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { AcmeFailure } from './failure.ts'
import { fieldsOf } from './fields.ts'
import { readFileOrNull, replaceFile } from './files.ts'
import type { Session } from './session.ts'

const ownerOnly = 0o600

/** Reads the key, or makes it. A key that cannot be read is not replaced: with it goes what the authority knows of us. */
export async function accountKey(file: string): Promise<KeyObject> {
  const kept = await readFileOrNull(file)
  if (kept !== null) {
    await chmod(file, ownerOnly)
    const key = keyOf(kept)
    if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
    throw new AcmeFailure(`${file} holds no P-256 private key`, 'restore it, or remove it for a new account')
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await replaceFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
  return privateKey
}

function keyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

/** The URL of the account, made where it is missing: asking again with the same key finds it (RFC 8555 §7.3.1), so it is
 *  not kept on disk. Agrees to the authority's terms, as whoever configures a directory does. */
export async function openAccount(session: Session, email: string | null): Promise<string> {
  const what = 'the account'
  const contact = email === null ? [] : [`mailto:${email}`]
  const payload = { termsOfServiceAgreed: true, ...(email === null ? {} : { contact }) }
  const answer = await session.post(session.directory.newAccount, null, payload, what)
  const url = answer.headers.location
  if (url === undefined) throw new AcmeFailure('the authority names no account', 'try another directory if it lasts')
  const known = fieldsOf(answer, what).contact
  // An authority that keeps no addresses (Let's Encrypt since 2025) names none, and need not be told each time.
  if (email !== null && Array.isArray(known) && known.length > 0 && !known.includes(contact[0])) {
    await session.post(url, url, { contact }, 'the new e-mail address')
  }
  return url
}
