/** What a forwarder owes the upstream: the request that was asked, in an unambiguous form, without the fields of the client's
 *  connection. Written from RFC 9110 and 9112 alone, so that a mistake in the edge's own table is not repeated here. */
import type { Field } from './fields.ts'
import { connectionOptions, type Head, valuesOf } from './message.ts'

/** Fields of one connection (RFC 9110 §7.6.1), and `Expect`, which the edge answers itself (§10.1.1). */
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** `Connection` may not take these away (CVE-2024-45410). */
const neverNominated: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
])

/** What each side writes for itself; compared by what it means, not by its letters. */
const rewritten: ReadonlySet<string> = new Set(['connection', 'content-length', 'host', 'transfer-encoding', 'upgrade'])

/** Under these names the edge alone speaks (RFC 7239, RFC 9110 §7.6.3): a client's are dropped, in any spelling. `Via` is added to. */
const ofTheEdge: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-request-id',
])

/** What others write for a server behind them: who asks, for what, by which certificate. There is nobody of that kind in front. */
const ofOthers: ReadonlySet<string> = new Set([
  'client-cert',
  'proxy',
  'sallyport-assertion',
  'x-original-url',
  'x-real-ip',
])

/** Why this head must not arrive at an upstream, whoever asked for it; null where it may. */
export function unfitForUpstream(head: Head): string | null {
  if (head.version !== 'HTTP/1.1') return `a forwarded request in ${head.version}`
  if (valuesOf(head.fields, 'host').length !== 1) return 'not exactly one Host'
  if (!head.target.startsWith('/') || head.target.includes('#')) return 'a target that is not in origin form'
  for (const name of [...ofTheEdge, 'via']) {
    const times = valuesOf(head.fields, name).length
    if (times === 0 && name !== 'x-forwarded-host') return `no field ${name}`
    if (times > 1 && name !== 'via') return `the field ${name}, twice`
  }
  // An upgrade is this connection's: asked by the edge, for WebSocket alone (RFC 6455 §4.1).
  const upgrades = valuesOf(head.fields, 'upgrade')
  if (upgrades.some((value) => value !== 'websocket')) return `an upgrade to ${upgrades}`
  const usual = new Set(['keep-alive', 'close', ...(upgrades.length === 1 ? ['upgrade'] : [])])
  for (const option of connectionOptions(head.fields)) if (!usual.has(option)) return `Connection: ${option}`
  for (const { name } of head.fields) {
    const lower = name.toLowerCase()
    if (ofConnection.has(lower) && !rewritten.has(lower))
      return `the field ${name}, which belongs to the client's connection`
  }
  return null
}

/** The head as it must arrive: a target in absolute form is its path, where its authority is the Host (RFC 9112 §3.2.2). */
export function inOriginForm(head: Head): Head {
  const [, authority, rest = ''] = /^https?:\/\/([^/?]*)(.*)$/is.exec(head.target) ?? []
  if (authority === undefined || authority.toLowerCase() !== valuesOf(head.fields, 'host')[0]?.toLowerCase())
    return head
  return { ...head, target: rest.startsWith('/') ? rest : `/${rest}` }
}

/** A request as it was asked; `body` is null where not all of it was sent. */
interface Asked {
  readonly head: Head
  readonly body: string | null
}

/** In what the request that arrived is not the one that was asked; null where it is. `body` is null where it broke off. */
export function difference(asked: Asked, arrived: Head, body: string | null): string | null {
  const { head } = asked
  if (head.method !== arrived.method || head.target !== arrived.target) return 'another method or target'
  if (body !== null && body !== asked.body)
    return `a body of ${body.length} bytes instead of ${asked.body?.length ?? 'more'}`
  const [host] = valuesOf(head.fields, 'host')
  if (host !== undefined && host !== valuesOf(arrived.fields, 'host')[0]) return 'another Host'
  const [wanted, got] = [endToEnd(head.fields), lines(withoutEdge(arrived.fields))]
  return wanted === got ? null : `fields\n${got}\ninstead of\n${wanted}`
}

function endToEnd(fields: readonly Field[]): string {
  const nominated = connectionOptions(fields)
  return lines(
    fields.filter(({ name }) => {
      const lower = name.toLowerCase()
      return (
        !ofTheEdge.has(plain(name)) &&
        !ofOthers.has(plain(name)) &&
        !ofConnection.has(lower) &&
        (neverNominated.has(lower) || !nominated.has(lower))
      )
    }),
  )
}

/** What the edge has added, left out: its own names, and the last `Via`. */
function withoutEdge(fields: readonly Field[]): readonly Field[] {
  const own = fields.findLastIndex(({ name, value }) => name === 'Via' && value.endsWith(' sallyport'))
  return fields.filter(({ name }, at) => at !== own && !ofTheEdge.has(plain(name)))
}

/** `_` is `-` to some servers (RFC 3875 §4.1.18). */
function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

/** Cookies last: of the crumbs of HTTP/2, joined, nobody says where they stand. */
function lines(fields: readonly Field[]): string {
  const isCookie = ({ name }: Field): boolean => name.toLowerCase() === 'cookie'
  return [...fields.filter((field) => !isCookie(field)), ...fields.filter(isCookie)]
    .filter(({ name }) => !rewritten.has(name.toLowerCase()))
    .map(({ name, value }) => `${name}: ${value}`)
    .join('\n')
}
