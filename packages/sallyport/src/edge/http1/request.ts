/** A request of Node's HTTP/1 parser as the stages see it. */
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { fieldOf } from '../headers.ts'
import type { HttpVersion, Incoming } from '../message.ts'

export function incomingOf(message: IncomingMessage): Incoming {
  const { rawHeaders } = message
  return {
    version: versionOf(message.httpVersion),
    method: message.method ?? '',
    target: message.url ?? '',
    rawHeaders,
    saidScheme: null,
    // RFC 9112 §6.3: without either field a request has no body.
    hasBody: fieldOf(rawHeaders, 'content-length') !== null || fieldOf(rawHeaders, 'transfer-encoding') !== null,
    body: message,
    isWhole: () => message.complete,
    socket: message.socket as TLSSocket,
  }
}

/** Node's parser takes HTTP/0.9 too, and HTTP/2.0 in a request line. */
function versionOf(said: string): HttpVersion {
  return said === '1.1' || said === '1.0' || said === '0.9' ? said : 'other'
}
