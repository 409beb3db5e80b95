/** The only way out of the ACME client: one request, one answer, bounded in time and bytes, https alone, redirects not followed. */
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { answerBytesMax, requestTimeMaxMs } from '../bounds.ts'
import { AcmeFailure } from './failure.ts'

export interface AcmeCall {
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly url: string
  /** A JWS in JSON (RFC 8555 §6.2). */
  readonly body?: string
  readonly signal: AbortSignal
}

export interface AcmeAnswer {
  readonly status: number
  /** Names in lower case; of a field that came twice, the first. */
  readonly headers: { readonly location?: string; readonly [name: string]: string | undefined }
  readonly body: string
}

/** Throws `AcmeFailure`. */
export type AcmeRequest = (call: AcmeCall) => Promise<AcmeAnswer>

export interface HttpsSettings {
  /** PEM of the authorities to trust instead of the system's: for a certificate authority of one's own. */
  readonly ca?: string | null
  /** Whether an address may be dialled, and by which connector: the guard of outbound calls. */
  readonly lookup?: RequestOptions['lookup']
  readonly timeMaxMs?: number
}

/** Requests over `node:https`, a connection each: an order is a dozen requests in two months. */
export function httpsAcmeRequest(settings: HttpsSettings = {}): AcmeRequest {
  return (call) => {
    if (!call.url.startsWith('https://') || !URL.canParse(call.url)) {
      return Promise.reject(
        new AcmeFailure(`"${call.url}" is no https URL`, 'name the https:// directory of the authority'),
      )
    }
    return send(call, settings)
  }
}

function send({ method, url, body, signal }: AcmeCall, settings: HttpsSettings): Promise<AcmeAnswer> {
  const { host } = new URL(url)
  const timeout = AbortSignal.timeout(settings.timeMaxMs ?? requestTimeMaxMs)
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(signal.aborted ? error : unreachable(host, error, timeout.aborted))
    const options: RequestOptions = {
      method,
      agent: false,
      signal: AbortSignal.any([signal, timeout]),
      // RFC 8555 §6.1 demands the first two.
      headers: {
        'user-agent': 'sallyport',
        'accept-language': 'en',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/jose+json', 'content-length': Buffer.byteLength(body) }),
      },
      ...(typeof settings.ca === 'string' ? { ca: settings.ca } : {}),
      ...(settings.lookup === undefined ? {} : { lookup: settings.lookup }),
    }
    const outgoing = httpsRequest(url, options, (incoming) => {
      const pieces: Buffer[] = []
      let bytes = 0
      incoming.on('data', (piece: Buffer) => {
        bytes += piece.length
        if (bytes > answerBytesMax) outgoing.destroy(new Error(`its answer is longer than ${answerBytesMax} bytes`))
        else pieces.push(piece)
      })
      incoming.on('error', fail)
      incoming.on('end', () => {
        const { statusCode = 0, headersDistinct } = incoming
        const headers = Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, values?.[0]]))
        resolve({ status: statusCode, headers, body: Buffer.concat(pieces).toString('utf8') })
      })
    })
    outgoing.on('error', fail)
    outgoing.end(body)
  })
}

function unreachable(host: string, error: Error, late: boolean): AcmeFailure {
  const cause = late ? 'did not answer in time' : `cannot be asked: ${error.message}`
  return new AcmeFailure(`${host} ${cause}`, 'see that this machine may reach it by https')
}
