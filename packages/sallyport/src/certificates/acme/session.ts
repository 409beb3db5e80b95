/** The conversation with one authority: its directory, its nonces, signed requests. One request at a time is all it is for. */
import type { KeyObject } from 'node:crypto'
import {
  noncesMax,
  nonceTriesMax,
  pollFirstMs,
  pollMaxMs,
  pollTotalMaxMs,
  retryAfterMaxMs,
  retryFirstMs,
} from '../bounds.ts'
import type { Clock } from './clock.ts'
import { AcmeFailure, problemFailure, readProblem } from './failure.ts'
import { type Fields, fieldsOf, retryAfter, textField } from './fields.ts'
import { signedRequest } from './jws.ts'
import type { AcmeAnswer, AcmeRequest } from './request.ts'

/** The URLs of RFC 8555 §7.1.1 that we use. */
export interface Directory {
  readonly newNonce: string
  readonly newAccount: string
  readonly newOrder: string
  /** RFC 9773; null where the authority has none. */
  readonly renewalInfo: string | null
}

export interface Connection {
  readonly request: AcmeRequest
  readonly clock: Clock
  /** Ends the conversation. */
  readonly signal: AbortSignal
}

export interface Session {
  readonly directory: Directory
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Signs and posts; `payload` null reads a resource (POST-as-GET). `kid` null signs with the bare key. Throws
   *  `AcmeFailure` for every answer that is not 2xx; `what` names the request in it. */
  readonly post: (url: string, kid: string | null, payload: object | null, what: string) => Promise<AcmeAnswer>
}

export async function readDirectory(url: string, { request, signal }: Connection): Promise<Directory> {
  const what = 'the directory'
  const answer = await request({ method: 'GET', url, signal })
  if (answer.status !== 200) {
    throw new AcmeFailure(`${url} answered ${answer.status}`, 'see that acme.directory names an ACME directory')
  }
  const fields = fieldsOf(answer, what)
  return {
    newNonce: textField(fields, 'newNonce', what),
    newAccount: textField(fields, 'newAccount', what),
    newOrder: textField(fields, 'newOrder', what),
    renewalInfo: typeof fields.renewalInfo === 'string' ? fields.renewalInfo : null,
  }
}

export function openSession(directory: Directory, key: KeyObject, connection: Connection): Session {
  const { request, clock, signal } = connection
  const nonces: string[] = []
  const remember = ({ headers }: AcmeAnswer): void => {
    const nonce = headers['replay-nonce']
    // RFC 8555 §6.5.1: anything but base64url is no nonce.
    if (nonce !== undefined && nonces.length < noncesMax && /^[A-Za-z0-9_-]{1,512}$/.test(nonce)) nonces.push(nonce)
  }
  const nextNonce = async (): Promise<string> => {
    if (nonces.length === 0) remember(await request({ method: 'HEAD', url: directory.newNonce, signal }))
    const nonce = nonces.pop()
    if (nonce === undefined) throw new AcmeFailure('the authority gave no nonce', 'try another directory if it lasts')
    return nonce
  }
  return {
    directory,
    clock,
    signal,
    post: async (url, kid, payload, what) => {
      for (let tries = 1; ; tries += 1) {
        const body = signedRequest(key, { nonce: await nextNonce(), url, kid }, payload)
        const answer = await request({ method: 'POST', url, body, signal })
        remember(answer)
        if (answer.status >= 200 && answer.status < 300) return answer
        const problem = readProblem(answer.body === '' ? null : fieldsOf(answer, what))
        // RFC 8555 §6.5: the answer brought a fresh nonce, so it is worth another try, but not for ever.
        if (problem.type === 'badNonce' && tries < nonceTriesMax) continue
        throw problemFailure(what, problem, retryAfter(answer, clock.now(), retryFirstMs, retryAfterMaxMs))
      }
    },
  }
}

/** Reads a resource until its status is none of `pending`, as often as the authority asks for, within bounds. */
export async function poll(
  session: Session,
  url: string,
  kid: string,
  what: string,
  pending: readonly string[],
): Promise<Fields> {
  const { clock, signal } = session
  const startedAt = clock.elapsed()
  for (let waitMs = pollFirstMs; ; waitMs = Math.min(waitMs * 2, pollMaxMs)) {
    const answer = await session.post(url, kid, null, what)
    const fields = fieldsOf(answer, what)
    if (!pending.includes(textField(fields, 'status', what))) return fields
    if (clock.elapsed() - startedAt > pollTotalMaxMs) {
      throw new AcmeFailure(`${what} came to no end in ${pollTotalMaxMs / 1000} s`, 'it is tried again by itself')
    }
    await clock.wait(retryAfter(answer, clock.now(), pollFirstMs, pollMaxMs) ?? waitMs, signal)
  }
}
