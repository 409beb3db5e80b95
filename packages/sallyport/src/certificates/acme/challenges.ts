/** Challenges that an authority may ask for right now, and their answers. The listeners ask here; an order fills and empties it. */
import { createSecureContext, type SecureContext } from 'node:tls'
import { challengesMax, hostsPerCertificateMax, tokenCharsMax } from '../bounds.ts'
import { challengeCertificate } from './challenge-certificate.ts'
import { AcmeFailure } from './failure.ts'

/** HTTP-01 (RFC 8555 §8.3) on a plain listener, TLS-ALPN-01 (RFC 8737) on a listener with TLS. */
export type Way = 'http-01' | 'tls-alpn-01'

export interface Challenges {
  /** For a plain listener: the body to answer a path with, status 200 and `application/octet-stream`, or null: no challenge. */
  readonly answerPath: (path: string) => string | null
  /** For a listener with TLS: the certificate to show for this server name, or null: no challenge. */
  readonly answerName: (serverName: string) => SecureContext | null
  /** Returns the function that takes it away again. */
  readonly offer: (way: Way, host: string, token: string, authorization: string) => Promise<() => void>
}

const prefix = '/.well-known/acme-challenge/'
const tokenShape = /^[A-Za-z0-9_-]+$/

export function pendingChallenges(): Challenges {
  const paths = new Map<string, string>()
  const names = new Map<string, SecureContext>()
  return {
    answerPath: (path) => paths.get(path) ?? null,
    answerName: (serverName) => (names.size === 0 ? null : (names.get(serverName.toLowerCase()) ?? null)),
    offer: async (way, host, token, authorization) => {
      // RFC 8555 §11.3: a token of other characters could be script in a browser.
      if (token.length > tokenCharsMax || !tokenShape.test(token))
        throw new AcmeFailure('the authority sent a strange token', 'try another directory')
      if (paths.size + names.size >= hostsPerCertificateMax * challengesMax) {
        throw new AcmeFailure('too many challenges are open', 'it is tried again by itself')
      }
      if (way === 'http-01') return put(paths, prefix + token, authorization)
      return put(names, host, createSecureContext(await challengeCertificate(host, authorization)))
    },
  }
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): () => void {
  map.set(key, value)
  return () => {
    if (map.get(key) === value) map.delete(key)
  }
}
