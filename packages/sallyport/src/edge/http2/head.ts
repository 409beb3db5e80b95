/** The head of an HTTP/2 request in the form that HTTP/1.1 gives it, which rules judge and upstreams read (RFC 9113 §8.3). nghttp2
 *  has refused what is malformed before: upper case, fields of a connection, pseudo fields twice or too late. */

export interface Http2Head {
  readonly method: string
  /** `:path`; empty where there is none, as in CONNECT. */
  readonly target: string
  readonly scheme: string | null
  /** `:authority` as the first field, `host`; cookies as one. */
  readonly rawHeaders: readonly string[]
}

/** `raw`: name, value, …, as Node gives them, pseudo fields first. A `host` that says the same as `:authority` is left out
 *  (RFC 9113 §8.3.1); one that differs stays, and two Hosts are refused by whoever counts them. */
export function http2Head(raw: readonly string[]): Http2Head {
  let [method, target, scheme, authority]: (string | null)[] = ['', '', null, null]
  let cookie = -1
  const fields: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? ''
    const value = raw[i + 1] ?? ''
    switch (name) {
      case ':method':
        method = value
        break
      case ':path':
        target = value
        break
      case ':scheme':
        scheme = value
        break
      case ':authority':
        authority = value
        fields.push('host', value)
        break
      case 'host':
        if (value !== authority) fields.push(name, value)
        break
      case 'cookie':
        // Crumbs, cut for compression, are one field to everybody else (RFC 9113 §8.2.3).
        if (cookie === -1) cookie = fields.push(name, value) - 1
        else fields[cookie] += `; ${value}`
        break
      default:
        fields.push(name, value)
    }
  }
  return { method: method ?? '', target: target ?? '', scheme: scheme ?? null, rawHeaders: fields }
}
