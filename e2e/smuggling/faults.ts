/** Loads the edge with one of its defences taken out, to show that the suite notices. Used as
 *  `node --import 'file:///…/faults.ts?FAULT' bin/sallyport.js edge …`: the product itself knows nothing of it. */
import { registerHooks } from 'node:module'
import { argv } from 'node:process'
import type { ProtocolName } from './front.ts'

interface Fault {
  /** What clients must speak to find it: HTTP/1.1 where nothing is said. For HTTP/2, http2/shows.ts says what shows it. */
  readonly fronts?: readonly ProtocolName[]
  /** The end of the source file's path. */
  readonly file: string
  /** The text that is there today. A fault that no longer finds its text ends the process: it would prove nothing. */
  readonly find: string
  readonly replace: string
  /** A payload that shows it, where the generator would need long; `{c}` stands for the targets' first segment, `/c0`. */
  readonly shows?: string
}

/** More than the edge reads of a body. */
const longBytes = 3_000_000

/** What the suite must notice the loss of. */
export const faults: Readonly<Record<string, Fault>> = {
  /** What a refusal leaves of a body stays on the connection. */
  drain: {
    file: 'edge/http1/answer.ts',
    find: "response.once('finish', () => message.resume())",
    replace: '',
    shows: `POST {c}/0/plain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${longBytes.toString(16)}\r\n${'x'.repeat(longBytes)}\r\n0\r\n\r\n`,
  },
  /** After a refusal the client may send the body that it promised, or the next request. */
  closing: {
    file: 'edge/refuse.ts',
    find: "if (last) outgoing.isLast()\n  const fields = ['content-type',",
    replace: "const fields = ['connection', 'keep-alive', 'content-type',",
    shows: 'POST {c}/0/plain HTTP/1.1\r\nHost: a\r\nHost: b\r\nExpect: 100-continue\r\nContent-Length: 60\r\n\r\n',
  },
  te: { fronts: ['http/1.1', 'h2'], file: 'edge/headers.ts', find: "'te',", replace: '' },
  trailer: { file: 'edge/headers.ts', find: "'trailer',", replace: '' },
  'proxy-connection': { file: 'edge/headers.ts', find: "'proxy-connection',", replace: '' },
  'proxy-authorization': { file: 'edge/headers.ts', find: "'proxy-authorization',", replace: '' },
  /** Fields that `Connection` names. */
  nominated: { file: 'edge/headers.ts', find: 'named?.has(lower) === true', replace: 'false' },
  /** Fields that `Connection` must not take away (CVE-2024-45410). */
  'end-to-end': { file: 'edge/headers.ts', find: '!endToEnd.has(lower)', replace: 'true' },
  'a # in the target': { file: 'edge/target.ts', find: "if (sent.includes('#')) return null", replace: '' },
  /** Bytes that nghttp2 lets pass in `:path`. */
  'visible ASCII': {
    fronts: ['h2'],
    file: 'edge/target.ts',
    find: 'if (!isVisible(sent)) return null',
    replace: '',
  },
  /** A length or a Host by another spelling. */
  'ambiguous fields': {
    fronts: ['h2'],
    file: 'edge/stages/http.ts',
    find: "if (hasAmbiguousFields(rawHeaders)) return decide('protocol', 400)",
    replace: '',
  },
  'names of its own': {
    fronts: ['h2'],
    file: 'edge/reserved-fields.ts',
    find: 'return reserved.has(plain) || plain.startsWith(reservedPrefix)',
    replace: 'return false',
  },
  'the scheme': {
    fronts: ['h2'],
    file: 'edge/stages/http.ts',
    find: 'saidScheme !== request.scheme',
    replace: 'false',
  },
  /** A Host that is not `:authority`. */
  'one Host': {
    fronts: ['h2'],
    file: 'edge/http2/head.ts',
    find: 'if (value !== authority) fields.push(name, value)',
    replace: '',
  },
  'one Cookie': { fronts: ['h2'], file: 'edge/http2/head.ts', find: 'if (cookie === -1)', replace: 'if (true)' },
  /** Node's own leniency. */
  'strict parser': {
    file: 'edge/http1/parser-options.ts',
    find: 'insecureHTTPParser: false',
    replace: 'insecureHTTPParser: true',
  },
}

/** Flags for Node that load the edge with the fault. */
export function loadedWith(name: string): string[] {
  return ['--import', `${import.meta.url}?${encodeURIComponent(name)}`]
}

/** The names of those that clients of a protocol can find. */
export function faultsOf(protocol: ProtocolName): string[] {
  return Object.keys(faults).filter((name) => (faults[name]?.fronts ?? ['http/1.1']).includes(protocol))
}

const asked = decodeURIComponent(new URL(import.meta.url).search.slice(1))
if (asked !== '') {
  const fault = faults[asked]
  if (fault === undefined) throw new Error(`no fault is named ${asked}`)
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      if (!new URL(url).pathname.endsWith(fault.file)) return loaded
      const source = String(loaded.source)
      if (!source.includes(fault.find)) throw new Error(`${argv[1]}: ${fault.file} has no longer ${fault.find}`)
      return { ...loaded, source: source.replace(fault.find, () => fault.replace) }
    },
  })
}
