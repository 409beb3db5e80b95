/** Who asks: organisation id and API key by HTTP Basic (RFC 7617), as payment APIs have it. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { ApiError } from './json.ts'

/** The API key of each organisation, by the organisation's id. */
export type Keys = Readonly<Record<string, string>>

/** The organisation that the field's user and password stand for. Throws `ApiError` 401 without saying which was wrong. */
export function organisationOf(authorization: string | undefined, keys: Keys): string {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) throw refused('send organisation id and API key by HTTP Basic')
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const organisation = text.slice(0, Math.max(colon, 0))
  const key = Object.hasOwn(keys, organisation) ? keys[organisation] : undefined
  // Compared whether the organisation exists or not: the time must not tell.
  if (!same(text.slice(colon + 1), key ?? '') || key === undefined)
    throw refused('unknown organisation or wrong API key')
  return organisation
}

function same(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function refused(message: string): ApiError {
  return new ApiError(401, 'unauthorized', message)
}
