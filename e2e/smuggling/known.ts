/** What the edge is known to get wrong: such cases are not played, so that they hide nothing else. known.test.ts shows each; it
 *  fails as soon as the edge is mended, and then the row goes. */

import type { Case } from './generator.ts'

export interface Known {
  readonly name: string
  /** Whether a payload may touch it: rather too wide than too narrow. */
  readonly touches: (payload: string) => boolean
  /** A payload that shows it, where `{c}` stands for the targets' first segment, `/c0`. */
  readonly shows: string
  /** `at once` where it is not said. */
  readonly follows?: Case['follows']
}

export const known: readonly Known[] = [
  {
    name: 'CONNECT by a client that goes away ends the process',
    touches: (payload) => payload.includes('CONNECT'),
    shows: 'CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n',
    follows: 'never',
  },
  {
    name: 'what follows a request with Upgrade in the same read is dropped, and what comes later is taken for a request',
    touches: (payload) => /connection:[^\n]*upgrade/i.test(payload) && /upgrade[ \t]*:/i.test(payload),
    shows: 'GET {c}/0/later HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nG',
    follows: 'when answered',
  },
  {
    name: 'a request refused for its transfer coding does not end the connection, whose next bytes may be its body',
    touches: (payload) =>
      /transfer-encoding:[^\r\n]*,/i.test(payload) ||
      /transfer-encoding:[^\n]*\n(?:[^\r\n][^\n]*\n)*transfer-encoding:/i.test(payload),
    shows:
      'POST {c}/0/plain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\nGET {c}/0/smuggled/plain HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  {
    name: 'chunks in HTTP/1.0 are forwarded (RFC 9112 §6.1)',
    touches: (payload) => /HTTP\/1\.0\r\n(?:[^\r\n]+\r\n)*transfer-encoding:/i.test(payload),
    shows: 'POST {c}/0/plain HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n',
  },
  {
    name: 'what follows a request of HTTP/0.9 or 2.0 on its connection is taken for a request',
    touches: (payload) => /connection:/i.test(payload) && /HTTP\/(?:0\.9|2\.0)|^[A-Z-]+ +[^ \r\n]*\r?\n/m.test(payload),
    shows: 'GET {c}/0/plain\nHost: a\r\nConnection: keep-alive\r\n\r\n',
  },
  {
    name: 'the 100 Continue of a pipelined request stands inside its own answer',
    touches: (payload) => /\n\r\n[\s\S]*expect[ \t]*:/i.test(payload),
    shows:
      'GET {c}/0/later HTTP/1.1\r\nHost: a\r\n\r\nPOST {c}/1/plain HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\na=b',
  },
  {
    name: 'Proxy-Connection keeps a connection of HTTP/1.0 open, and so does keep-alive beside close',
    touches: (payload) => /proxy-connection:|connection:[^\n]*close/i.test(payload) && payload.includes('HTTP/1.0'),
    shows:
      'GET {c}/0/plain HTTP/1.0\r\nHost: a\r\nProxy-Connection: keep-alive\r\n\r\nGET {c}/1/plain HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  {
    name: 'an expectation that is refused does not end the connection, whose next bytes are taken for the body',
    touches: (payload) => /expect[ \t]*:[ \t]*(?!100-continue[ \t]*\r)/i.test(payload),
    shows: 'POST {c}/0/plain HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 60\r\n\r\n',
    follows: 'when answered',
  },
  {
    name: 'RTSP and ICE are taken for HTTP',
    touches: (payload) => /RTSP|ICE\//.test(payload),
    shows: 'OPTIONS {c}/0/plain RTSP/1.0\r\nHost: a\r\n\r\n',
  },
  {
    name: 'a Connection option is freed of bytes that are no white space in HTTP',
    touches: (payload) => /connection:[^\n]*[\x80-\xff]/i.test(payload),
    shows: 'GET {c}/0/plain HTTP/1.1\r\nHost: a\r\nX-Kept: 1\r\nConnection: \xa0x-kept\r\n\r\n',
  },
]

/** Whether a payload touches something that is known. */
export function isKnown(payload: string): boolean {
  return known.some(({ touches }) => touches(payload))
}
