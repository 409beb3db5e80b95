/** Values of flags, checked where they are read: an error says what is wrong and how it is written. */

/** `HOST:PORT` of a listener. */
export interface Address {
  readonly host: string
  readonly port: number
}

const portMax = 65_535

/** `127.0.0.1:8443`, `[::1]:8443`, `localhost:0`. Throws a sentence that the command line prints. */
export function parseListen(value: string): Address {
  const colon = value.lastIndexOf(':')
  const host = value.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, '$1')
  const digits = value.slice(colon + 1)
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : Number.NaN
  if (host === '' || !(port <= portMax)) throw new SyntaxError(`write it as HOST:PORT, such as 127.0.0.1:8443`)
  return { host, port }
}

/** The origin of an upstream: `http://127.0.0.1:3000`. Throws a sentence that the command line prints. */
export function parseUpstream(value: string): string {
  const url = URL.parse(value)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new SyntaxError('write it as http://HOST:PORT or https://HOST:PORT')
  }
  // A path here would have to be joined to every request's own, and then what was judged is not what is sent.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new SyntaxError('an upstream is scheme, host and port, with no path, query or password')
  }
  return url.origin
}
