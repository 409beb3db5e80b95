/** One request on its way through the stages: what arrived, never changed, and what the stages found out, each in its own field. */
import { randomUUIDv7 } from 'node:crypto'
import type { Judgement } from '../waf/judge.ts'
import { clientAddress, unmapped } from './client-address.ts'
import { fieldOf } from './headers.ts'
import type { Upgrade } from './http1/tunnels.ts'
import type { Incoming, Outgoing } from './message.ts'
import type { ListenerPlan, Route } from './snapshot.ts'
import type { Answer } from './upstream.ts'

export interface EdgeRequest {
  /** The decision's id: in the log, in the answer of a refusal, and at the upstream as `X-Request-Id`. */
  readonly id: string
  readonly listener: string
  /** Milliseconds on the monotonic clock. */
  readonly startedAt: number
  /** The client's address; null where it came through a Unix socket. */
  readonly ip: string | null
  readonly method: string
  /** The request target, latin1: one character is one byte. As it was sent; an absolute one becomes its path in `http`. */
  target: string
  /** The target up to its `?`. */
  path: string
  readonly host: string | null
  /** As the client spoke; where a trusted proxy stands in front, as that says. */
  readonly scheme: 'http' | 'https'
  /** Name, value, name, value …, as sent, latin1. */
  readonly rawHeaders: readonly string[]
  readonly incoming: Incoming
  readonly outgoing: Outgoing
  /** Of a request that asks for a tunnel, and may have one. */
  readonly upgrade: Upgrade | null
  /** Aborted, with a `Decision` for its reason, when the bytes of this request's body cannot be read. */
  readonly broken: AbortController

  /** Set by `route`. */
  route: Route | null
  /** Set by `wafRequestHeaders`: the rule sets that judge this request. */
  judgement: Judgement | null
  /** All its bytes, but for `bodyGoesOn`; null where the message has no body. Set by `readBody`. */
  body: Buffer | null
  /** `body` is the beginning of a longer one, whose rest is still to come and goes on unread. Set by `readBody`. */
  bodyGoesOn: boolean
  /** The body without its codings, where it had some: what rules read of it. Set by `readBody`. */
  decodedBody: Buffer | null
  /** Bytes of body that arrived so far. */
  bodyBytes: number
  /** Bytes of body that the rule sets were given. Set by `wafRequestBody`. */
  inspectedBytes: number
  /** Set by `forward`: the head of the upstream's answer, its body still to come. `readAnswer` puts one in its place whose body waits
   *  in memory. */
  answer: Answer | null
  /** The answer's body as rules read it, without its codings; its beginning, where it is long. Set by `readAnswer`, taken away by
   *  `wafResponseBody`: the answer holds its own. */
  answerBody: Buffer | null
  /** Bytes that came of an answer whose body was held back. */
  answerBytes: number
  /** Bytes of the answer's body that the rule sets were given; null where they were given none. Set by `wafResponseBody`. */
  answerInspectedBytes: number | null
  /** Milliseconds from sending to the answer's head; null where there was none. Set by `forward`. */
  upstreamMs: number | null
}

/** Begins a request whose head has been read. */
export function beginRequest(
  { name, trusts }: Pick<ListenerPlan, 'name' | 'trusts'>,
  incoming: Incoming,
  outgoing: Outgoing,
  upgrade: Upgrade | null = null,
): EdgeRequest {
  const { method, target, rawHeaders, socket } = incoming
  const query = target.indexOf('?')
  return {
    id: randomUUIDv7(),
    listener: name,
    startedAt: performance.now(),
    ip: clientAddress(addressOf(socket.remoteAddress), rawHeaders, trusts),
    method,
    target,
    path: query === -1 ? target : target.slice(0, query),
    host: fieldOf(rawHeaders, 'host'),
    scheme: schemeOf(incoming, trusts),
    rawHeaders,
    incoming,
    outgoing,
    upgrade,
    broken: new AbortController(),
    route: null,
    judgement: null,
    body: null,
    bodyGoesOn: false,
    decodedBody: null,
    bodyBytes: 0,
    inspectedBytes: 0,
    answer: null,
    answerBody: null,
    answerBytes: 0,
    answerInspectedBytes: null,
    upstreamMs: null,
  }
}

function schemeOf({ socket, rawHeaders }: Incoming, trusts: ListenerPlan['trusts']): EdgeRequest['scheme'] {
  if (socket.encrypted === true) return 'https'
  const said = fieldOf(rawHeaders, 'x-forwarded-proto')?.toLowerCase()
  return said === 'https' && trusts(addressOf(socket.remoteAddress)) ? 'https' : 'http'
}

/** A socket's peer as people write it; null for a Unix socket, or one that is gone already. */
export function addressOf(remote: string | undefined): string | null {
  if (remote === undefined) return null
  return unmapped(remote)
}
