/** Why a certificate was not issued: one line with the cause and what to do. The authority's words are data of a stranger and
 *  are made fit for a log before anything else. */
import { detailCharsMax } from '../bounds.ts'

export class AcmeFailure extends Error {
  override readonly name = 'AcmeFailure'
  readonly action: string
  /** Not to be asked again before this many milliseconds, where the authority says so. */
  readonly retryAfterMs: number | null
  constructor(cause: string, action: string, retryAfterMs: number | null = null) {
    super(`${cause}; ${action}`)
    this.action = action
    this.retryAfterMs = retryAfterMs
  }
}

/** A problem document (RFC 8555 §6.7). `type` is without its prefix, `detail` fit for a log. */
export interface Problem {
  readonly type: string
  readonly detail: string
}

const prefix = 'urn:ietf:params:acme:error:'
const seeDetail = 'the authority says why'

/** What an operator can do, by error type (RFC 8555 §6.7); those that only a bug of ours causes are not listed. */
const actions: Readonly<Record<string, string>> = {
  accountDoesNotExist: 'remove the account key in the data directory, then a new account is made',
  badCSR: 'ask the authority which names and keys it signs',
  badNonce: 'the authority refuses its own nonces; try another directory if it lasts',
  caa: 'add a CAA record that allows this authority',
  connection: 'let the authority connect to this edge from outside',
  dns: 'let the name point to this edge in public DNS',
  externalAccountRequired: 'use a directory that needs no external account; binding one is not in this version',
  incorrectResponse: 'let the challenge reach this edge, with no other server in front that answers it',
  invalidContact: 'correct acme.email',
  rateLimited: 'it is tried again when the authority allows it',
  rejectedIdentifier: 'ask for names that this authority signs',
  serverInternal: 'it is tried again by itself',
  tls: 'let port 443 of the name reach this edge with TLS untouched',
  unauthorized: 'let the name point to this edge and the challenge reach it',
  unsupportedContact: 'correct acme.email',
  userActionRequired: 'visit the page that the authority names, then reload',
}

/** The problem of an answer or of a challenge; an unknown shape becomes a problem that says so. Never throws. */
export function readProblem(value: unknown): Problem {
  const { type, detail } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const short = typeof type === 'string' && type.startsWith(prefix) ? type.slice(prefix.length) : 'unknown'
  return { type: printable(short), detail: typeof detail === 'string' ? printable(detail) : seeDetail }
}

/** `what` says what was asked for: "a new order". */
export function problemFailure(what: string, { type, detail }: Problem, retryAfterMs: number | null): AcmeFailure {
  const action = Object.hasOwn(actions, type) ? actions[type]! : seeDetail
  return new AcmeFailure(`${what} was refused (${type}): ${detail}`, action, retryAfterMs)
}

/** One line, no control characters, no direction marks, bounded: text of a stranger must not forge lines of the log (CWE-117). */
export function printable(text: string, charsMax: number = detailCharsMax): string {
  const short = text.length > charsMax ? `${text.slice(0, charsMax)}…` : text
  return short.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
