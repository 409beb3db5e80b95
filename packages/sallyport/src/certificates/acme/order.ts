/** One order, from names to a chain (RFC 8555 §7.4): authorizations, challenges, the signing request, the download. */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { challengesMax } from '../bounds.ts'
import { covers } from '../host-names.ts'
import { type Pair, readChain } from '../pair.ts'
import type { Challenges, Way } from './challenges.ts'
import { AcmeFailure, printable, problemFailure, readProblem } from './failure.ts'
import { type Fields, fieldsOf, objectsField, textField, textsField } from './fields.ts'
import { keyAuthorization } from './jws.ts'
import { poll, type Session } from './session.ts'
import { signingRequest } from './signing-request.ts'

export interface Order {
  readonly session: Session
  readonly key: KeyObject
  /** The URL of the account. */
  readonly account: string
  readonly challenges: Challenges
  readonly hosts: readonly string[]
  /** How the names are proved. */
  readonly way: Way
  /** The certificate that this one replaces, by its identifier (RFC 9773 §5), where the authority has renewal information. */
  readonly replaces: string | null
}

/** What an operator sees to when a challenge fails, host inserted. */
const reach: Readonly<Record<Way, (host: string) => string>> = {
  'http-01': (host) => `let port 80 of ${host} reach a listener with \`serves: acme\``,
  'tls-alpn-01': (host) => `let port 443 of ${host} reach this edge, TLS untouched`,
}

/** Throws `AcmeFailure`. */
export async function issue(order: Order): Promise<Pair> {
  const { session, account, hosts, replaces } = order
  const what = 'a new order'
  const identifiers = hosts.map((value) => ({ type: 'dns', value }))
  const payload = { identifiers, ...(replaces === null ? {} : { replaces }) }
  const answer = await session.post(session.directory.newOrder, account, payload, what)
  const url = answer.headers.location
  if (url === undefined) throw new AcmeFailure('the authority names no order', 'try another directory if it lasts')
  const fields = fieldsOf(answer, what)
  // One after the other: an authority validates from several places at once already.
  for (const authorization of textsField(fields, 'authorizations', what, hosts.length)) {
    await authorize(order, authorization)
  }
  await ready(order, url)
  const { csr, key } = await signingRequest(hosts)
  await session.post(textField(fields, 'finalize', what), account, { csr }, 'the signing request')
  const done = await poll(session, url, account, 'the order', ['pending', 'ready', 'processing'])
  if (done.status !== 'valid') throw problemFailure('the order', readProblem(done.error), null)
  const chain = await session.post(textField(done, 'certificate', 'the order'), account, null, 'the certificate')
  return checked(chain.body, key, hosts)
}

async function authorize(order: Order, url: string): Promise<void> {
  const { session, key, account, challenges, way } = order
  const what = 'an authorization'
  const fields = fieldsOf(await session.post(url, account, null, what), what)
  // An authority may remember that a name was proved (RFC 8555 §7.1.3).
  if (fields.status === 'valid') return
  const host = hostOf(fields, order.hosts)
  const challenge = objectsField(fields, 'challenges', what, challengesMax).find(({ type }) => type === way)
  if (challenge === undefined) {
    throw new AcmeFailure(
      `the authority offers no ${way} for ${host}`,
      'give the edge a listener for another challenge',
    )
  }
  const token = textField(challenge, 'token', 'a challenge')
  const withdraw = await challenges.offer(way, host, token, keyAuthorization(token, key))
  try {
    await session.post(textField(challenge, 'url', 'a challenge'), account, {}, `the challenge for ${host}`)
    const end = await poll(session, url, account, what, ['pending'])
    if (end.status !== 'valid') throw refused(end, way, host)
  } finally {
    withdraw()
  }
}

/** Only names that were asked for are ever answered, whatever the authority names. */
function hostOf(fields: Fields, hosts: readonly string[]): string {
  const identifier = fields.identifier
  const value = typeof identifier === 'object' && identifier !== null ? (identifier as Fields).value : undefined
  const host = hosts.find((asked) => asked === value)
  if (host === undefined) throw new AcmeFailure('the authority asks about a strange name', 'try another directory')
  return host
}

function refused(authorization: Fields, way: Way, host: string): AcmeFailure {
  const failed = objectsField(authorization, 'challenges', 'an authorization', challengesMax).find(
    ({ error }) => error !== undefined,
  )
  const { type, detail } = readProblem(failed?.error)
  const what = `${host} was not proved by ${way} (${type}): ${detail}`
  if (type === 'caa' || type === 'dns') return problemFailure(`${way} for ${host}`, { type, detail }, null)
  return new AcmeFailure(what, reach[way](host))
}

/** An order becomes ready when the last authorization is valid, though not always at once. */
async function ready({ session, account }: Order, url: string): Promise<void> {
  const fields = await poll(session, url, account, 'the order', ['pending'])
  const { status } = fields
  if (status === 'ready') return
  if (status === 'invalid') throw problemFailure('the order', readProblem(fields.error), null)
  throw new AcmeFailure(`the order is ${printable(String(status))} before its time`, 'it is tried again by itself')
}

/** A chain that does not fit is not taken over a certificate that works. */
function checked(cert: string, key: string, hosts: readonly string[]): Pair {
  const action = 'try another directory if it lasts'
  try {
    const [leaf] = readChain(cert)
    if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('is not of the key that was asked for')
    const missing = hosts.find((host) => !covers(leaf, host))
    if (missing !== undefined) throw new Error(`does not cover ${missing}`)
  } catch (error) {
    throw new AcmeFailure(`the certificate that was issued ${(error as Error).message}`, action)
  }
  return { cert, key }
}
