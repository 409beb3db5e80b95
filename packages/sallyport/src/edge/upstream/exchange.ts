/** One request and its answer, whatever carries them: the pool while they wait, then a connection. */
import type { Socket } from 'node:net'
import {
  type Answer,
  type BodySink,
  type OnHints,
  UpstreamError,
  type UpstreamErrorKind,
  type UpstreamRequest,
} from '../upstream.ts'
import type { AnswerHead } from './answer-head.ts'

export interface Carrier {
  /** There is a sink now, or it has room again. */
  readonly resume: () => void
  /** Nobody waits for this exchange any more. */
  readonly abandon: (exchange: Exchange) => void
}

/** `asked` → `answered` → `whole`, or `broken` from either. */
type State = 'asked' | 'answered' | 'whole' | 'broken'

export interface Settled {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: UpstreamError) => void
}

export class Exchange {
  readonly request: UpstreamRequest
  /** The request's line and fields, as they are written. */
  readonly head: string
  readonly onHints: OnHints
  carrier: Carrier | null = null
  sink: BodySink | null = null
  /** When it began to wait, on the pool's clock. */
  since = 0
  #state: State = 'asked'
  readonly #signal: AbortSignal
  readonly #settled: Settled
  readonly #onAbort = (): void => {
    this.carrier?.abandon(this)
    this.fail('refused', clientGone)
  }

  constructor(request: UpstreamRequest, head: string, signal: AbortSignal, onHints: OnHints, settled: Settled) {
    this.request = request
    this.head = head
    this.onHints = onHints
    this.#settled = settled
    this.#signal = signal
    if (signal.aborted) this.fail('refused', clientGone)
    else signal.addEventListener('abort', this.#onAbort)
  }

  get answered(): boolean {
    return this.#state !== 'asked'
  }

  /** Whether nothing more is to happen. */
  get done(): boolean {
    return this.#state === 'whole' || this.#state === 'broken'
  }

  /** Whether its answer's body has nowhere to go yet. */
  get held(): boolean {
    return this.#state === 'answered' && this.sink === null
  }

  /** The head of the final answer. `socket`: of a 101. */
  answer({ status, statusText, headers }: AnswerHead, socket: Socket | null): void {
    if (this.done) return
    this.#state = 'answered'
    if (socket !== null) this.#end('whole')
    this.#settled.resolve({
      status,
      statusText,
      headers,
      socket,
      read: (sink) => this.#read(sink),
      resume: () => this.carrier?.resume(),
    })
  }

  data(piece: Buffer): boolean {
    return this.sink?.data(piece) ?? false
  }

  whole(): void {
    if (this.done) return
    this.#end('whole')
    this.sink?.end()
  }

  fail(kind: UpstreamErrorKind, cause: Error): void {
    if (this.done) return
    const { answered } = this
    this.#end('broken')
    if (answered) this.sink?.failed()
    else this.#settled.reject(new UpstreamError(kind, cause))
  }

  #read(sink: BodySink): void {
    if (this.sink !== null) return
    this.sink = sink
    if (this.#state === 'broken') sink.failed()
    else this.carrier?.resume()
  }

  #end(state: 'whole' | 'broken'): void {
    this.#state = state
    this.carrier = null
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

const clientGone = new Error('the client went away')

/** RFC 9110 §9.2.2: to be done twice is as to be done once. */
const idempotent: ReadonlySet<string> = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE'])

/** Whether a request may be sent again where nobody knows if it arrived: it does no harm, and nothing of it is gone. */
export function isRepeatable({ method, body }: UpstreamRequest): boolean {
  return idempotent.has(method) && (body === null || Buffer.isBuffer(body))
}
