/** Which answers rules judge, and the answer as they see it. */
import type { Header, ResponseHead } from '@sallyport/seclang'
import type { EdgeRequest } from './request.ts'
import type { Answer } from './upstream.ts'

/** Whether rules judge the answer to this request. */
export function inspectsAnswer({ judgement, route }: EdgeRequest): boolean {
  return judgement !== null && route !== null && route.answerInspectBytesMax !== null
}

const noContent = 204
const notModified = 304
const firstFinalStatus = 200

/** Whether a body may follow the head (RFC 9112 §6.3). */
export function mayHaveBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status >= firstFinalStatus && status !== noContent && status !== notModified
}

/** What phase 3 is told. A body is judged with its codings taken off, so `Content-Encoding` is left out: rules that see one take the
 *  body for unreadable and read none of it (CRS 950010). */
export function responseHead({ status, headers }: Answer): ResponseHead {
  const fields: Header[] = []
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (name.toLowerCase() !== 'content-encoding') fields.push([name, headers[i + 1] ?? ''])
  }
  return { status, protocol: 'HTTP/1.1', headers: fields }
}
