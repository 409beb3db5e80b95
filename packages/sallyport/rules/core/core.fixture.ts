/** The core rules as a server loads them, and requests that carry a text in one of the places that the rules read. */

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, Exchange, enableLinearFallback, type Match, type RuleSet, type Warning } from '@sallyport/seclang'

/** Text is latin1: one character is one byte. */
export interface Asked {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** What the API answers, where that is to be judged. */
  readonly answer?: { readonly status: number; readonly type: string; readonly body: string }
}

export const files: readonly { readonly file: string; readonly text: string }[] = globSync('*.conf', {
  cwd: import.meta.dirname,
})
  .sort()
  .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'latin1') }))

/** `detect` goes on behind a match, so that one request shows all rules that it hits. */
export function compileCore(mode: 'block' | 'detect'): { ruleSet: RuleSet; warnings: readonly Warning[] } {
  enableLinearFallback()
  return compile(files, { mode, readFile: (path) => readFileSync(join(import.meta.dirname, path)) })
}

export interface Judged {
  readonly matches: readonly Match[]
  /** What the client is answered; null: nothing stops the request. */
  readonly status: number | null
}

export function judge(ruleSet: RuleSet, { method, target, headers, body, answer }: Asked): Judged {
  const exchange = new Exchange({
    client: { address: '203.0.113.7', port: 50_000 },
    server: { address: '192.0.2.1', port: 443 },
    method,
    target,
    protocol: 'HTTP/1.1',
    headers,
  })
  const transaction = ruleSet.begin(exchange)
  transaction.requestHeaders()
  exchange.receiveBody(Buffer.from(body, 'latin1'))
  transaction.requestBody()
  if (answer !== undefined) {
    exchange.receiveResponse({
      status: answer.status,
      protocol: 'HTTP/1.1',
      headers: [['Content-Type', answer.type]],
    })
    transaction.responseHeaders()
    if (transaction.wantsResponseBody()) exchange.receiveResponseBody(Buffer.from(answer.body, 'latin1'))
    transaction.responseBody()
  }
  transaction.finish()
  return { matches: transaction.matches, status: transaction.interruption?.status ?? null }
}

const common = [
  ['Host', 'api.example.com'],
  ['Accept', 'application/json'],
] as const

const get = (target: string, ...headers: readonly (readonly [string, string])[]): Asked => ({
  method: 'GET',
  target,
  headers: [...common, ...headers],
  body: '',
})

const post = (type: string, body: string): Asked => ({
  method: 'POST',
  target: '/v1/things',
  headers: [...common, ['Content-Type', type], ['Content-Length', String(body.length)]],
  body,
})

/** Every byte but letters, digits, `-`, `.` and `_` as %HH. */
export const percent = (text: string): string =>
  text.replace(/[^A-Za-z0-9._-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)

const form = 'application/x-www-form-urlencoded'
const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const multipart = (name: string): Asked =>
  post(
    'multipart/form-data; boundary=line',
    `--line\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\nContent-Type: image/png\r\n\r\nx\r\n--line--\r\n`,
  )

function wholeRequest(text: string): Asked {
  const [head = '', body = ''] = text.split(/\n\n(.*)/s)
  const [line = '', ...headers] = head.split('\n')
  const [method = '', target = ''] = line.split(' ')
  return {
    method,
    target,
    headers: headers.map((header) => [
      header.slice(0, header.indexOf(':')),
      header.slice(header.indexOf(':') + 1).trim(),
    ]),
    body,
  }
}

const answered = (status: number, type: string, body: string): Asked => ({
  ...get('/v1/things'),
  answer: { status, type, body },
})

/** A request with `text` in a place, or an answer; the words are those of cases/*.txt. */
export const places: Readonly<Record<string, (text: string) => Asked>> = {
  query: (text) => get(`/v1/things?q=${percent(text)}`),
  target: (text) => get(text),
  path: (text) => get(`/v1/things/${percent(text)}`),
  header: (text) => get('/v1/things', ['X-Note', text]),
  agent: (text) => get('/v1/things', ['User-Agent', text]),
  referer: (text) => get('/v1/things', ['Referer', text]),
  cookie: (text) => get('/v1/things', ['Cookie', `a=1; prefs=${text}`]),
  form: (text) => post(form, `a=1&memo=${percent(text)}`),
  formname: (text) => post(form, `a=1&${percent(text)}=2`),
  json: (text) => post('application/json', JSON.stringify({ n: 1, memo: text })),
  key: (text) => post('application/json', JSON.stringify({ [text]: 1 })),
  body: (text) => post('application/json', text),
  xml: (text) => post('application/xml', `<a><b c="d">${escapeXml(text)}</b></a>`),
  text: (text) => post('text/plain', text),
  file: multipart,
  request: wholeRequest,
  error: (text) => answered(500, 'application/problem+json', JSON.stringify({ title: 'Error', detail: text })),
  data: (text) => answered(200, 'application/json', JSON.stringify({ data: [{ memo: text }] })),
  page: (text) => answered(200, 'text/html; charset=utf-8', `<html><body>${text}</body></html>`),
  plain: (text) => answered(200, 'text/plain', text),
}
