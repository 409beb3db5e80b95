/** For tests: an authority without sockets that lies, stalls and breaks off, which a real one cannot be made to do. Each URL has
 *  a list of answers; the last one is given again and again. Signatures are pebble's to check. */
import type { AcmeAnswer, AcmeCall, AcmeRequest } from './request.ts'

export interface Given {
  readonly status?: number
  readonly headers?: AcmeAnswer['headers']
  /** What is no string is sent as JSON. */
  readonly body?: unknown
}

export type Script = Readonly<Record<string, Given | readonly Given[]>>

export interface FakeAuthority {
  readonly request: AcmeRequest
  /** `METHOD /path`, in order. */
  readonly asked: string[]
  /** Payloads of the requests that had one, by path. */
  readonly sent: { readonly path: string; readonly payload: unknown }[]
}

export const base = 'https://ca.test'
export const directoryUrl: string = `${base}/dir`

const problem = 'urn:ietf:params:acme:error:'

export function refusal(type: string, detail: string, headers: AcmeAnswer['headers'] = {}): Given {
  return { status: 400, headers, body: { type: problem + type, detail } }
}

const challenge = { type: 'http-01', url: `${base}/challenge`, token: 'token' }
export const authorization: Readonly<Record<string, unknown>> = {
  status: 'pending',
  identifier: { type: 'dns', value: 'a.test' },
  challenges: [challenge],
}
const order = { status: 'pending', authorizations: [`${base}/authorization`], finalize: `${base}/finalize` }

/** All goes well up to the certificate, which is what `/certificate` gives. */
const good: Script = {
  '/dir': {
    body: {
      newNonce: `${base}/nonce`,
      newAccount: `${base}/account`,
      newOrder: `${base}/new`,
      renewalInfo: `${base}/info`,
    },
  },
  '/nonce': {},
  '/account': { status: 201, headers: { location: `${base}/me` }, body: { status: 'valid' } },
  '/new': { status: 201, headers: { location: `${base}/order` }, body: order },
  '/authorization': [{ body: authorization }, { body: { ...authorization, status: 'valid' } }],
  '/challenge': { body: challenge },
  '/order': [
    { body: { ...order, status: 'ready' } },
    { body: { ...order, status: 'processing' } },
    { body: { ...order, status: 'valid', certificate: `${base}/certificate` } },
  ],
  '/finalize': { body: { ...order, status: 'processing' } },
  '/certificate': { body: 'no certificate' },
}

export function fakeAuthority(script: Script = {}): FakeAuthority {
  const asked: string[] = []
  const sent: { path: string; payload: unknown }[] = []
  const counts = new Map<string, number>()
  const request = async ({ method, url, body }: AcmeCall): Promise<AcmeAnswer> => {
    const path = url.slice(base.length)
    asked.push(`${method} ${path}`)
    if (body !== undefined) {
      const { payload } = JSON.parse(body) as { readonly payload: string }
      if (payload !== '') sent.push({ path, payload: JSON.parse(Buffer.from(payload, 'base64url').toString()) })
    }
    const given = script[path] ?? good[path] ?? { status: 404 }
    const list: readonly Given[] = Array.isArray(given) ? given : [given as Given]
    const index = counts.get(path) ?? 0
    counts.set(path, index + 1)
    const answer = list[Math.min(index, list.length - 1)] ?? {}
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {})
    return {
      status: answer.status ?? 200,
      headers: { 'replay-nonce': `n${asked.length}`, ...answer.headers },
      body: text,
    }
  }
  return { request, asked, sent }
}
