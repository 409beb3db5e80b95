/** Signed requests of ACME: a flattened JWS with ES256 (RFC 7515 §7.2.2, RFC 7518 §3.4), by key until the account has a URL. */
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'

/** Of a P-256 key, in the order that the thumbprint wants (RFC 7638 §3.2). */
interface PublicJwk {
  readonly crv: string
  readonly kty: string
  readonly x: string
  readonly y: string
}

export interface JwsHeader {
  readonly nonce: string
  readonly url: string
  /** The account's URL; null: the key itself goes into the header, which only `newAccount` takes (RFC 8555 §6.2). */
  readonly kid: string | null
}

/** `payload` null is the empty payload of POST-as-GET (RFC 8555 §6.3). */
export function signedRequest(key: KeyObject, { nonce, url, kid }: JwsHeader, payload: object | null): string {
  const identity = kid === null ? { jwk: publicJwk(key) } : { kid }
  const header = encode(JSON.stringify({ alg: 'ES256', ...identity, nonce, url }))
  const body = payload === null ? '' : encode(JSON.stringify(payload))
  const signature = sign('sha256', Buffer.from(`${header}.${body}`), { key, dsaEncoding: 'ieee-p1363' })
  return JSON.stringify({ protected: header, payload: body, signature: signature.toString('base64url') })
}

/** What a challenge must be answered with (RFC 8555 §8.1): the token, bound to the key of the account. */
export function keyAuthorization(token: string, key: KeyObject): string {
  return `${token}.${createHash('sha256')
    .update(JSON.stringify(publicJwk(key)))
    .digest('base64url')}`
}

function publicJwk(key: KeyObject): PublicJwk {
  const { crv = '', kty = '', x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { crv, kty, x, y }
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}
