/** A request's head as the rule engine takes it: the same bytes, nothing joined, nothing left out. An absolute target too is as it
 *  was sent: rules about the request line read all of it, and of the path what is forwarded (RFC 9112 §3.2.2). */
import type { Peer, RequestHead } from '@sallyport/seclang'
import type { EdgeRequest } from './request.ts'

export function requestHead(request: EdgeRequest, client: Peer, server: Peer): RequestHead {
  const { id, method, rawHeaders, incoming } = request
  const headers: (readonly [string, string])[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? ''])
  return { id, client, server, method, target: incoming.target, protocol: `HTTP/${incoming.version}`, headers }
}
