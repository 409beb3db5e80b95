/** One connection to an upstream: dialled, then one exchange at a time, idle in between, until it is gone. */
import type { Socket } from 'node:net'
import { upstreamIdleHintMaxMs, upstreamIdleMarginMs, upstreamIdleTimeMaxMs } from '../bounds.ts'
import type { UpstreamErrorKind } from '../upstream.ts'
import { AnswerParser } from './answer-parser.ts'
import type { BodySender, Progress } from './body-sender.ts'
import type { Dialled } from './dial.ts'
import { type Carrier, type Exchange, isRepeatable } from './exchange.ts'
import { writeRequest } from './write-request.ts'

/** Whose connection it is. */
export interface Owner {
  /** Time, counted in sweeps: exact enough, and never read from a clock. */
  readonly now: () => number
  /** The connection may carry another exchange. */
  readonly idle: (connection: Connection) => void
  /** It may not, ever. `again`: what it was to carry, and another must. Called once. */
  readonly lost: (connection: Connection, again: Exchange | null) => void
}

/** How many sweeps each may take. */
export interface Patience {
  readonly connect: number
  readonly answer: number
  readonly silence: number
  readonly sweepMs: number
}

const switchingProtocols = 101
const earlyHints = 103
const firstFinalStatus = 200
const firstRefusal = 400

export class Connection implements Carrier, Progress {
  readonly #socket: Socket
  readonly #owner: Owner
  readonly #parser = new AnswerParser()
  readonly #listeners: readonly (readonly [string, (...args: never[]) => void])[]
  #exchange: Exchange | null = null
  #sender: BodySender | null = null
  /** When what is waited for was begun, or last moved. */
  #since: number
  #idleMs: number = upstreamIdleTimeMaxMs
  #state: 'dialling' | 'new' | 'used' = 'dialling'
  /** A byte of the present answer has come. */
  #heard = false
  /** The sink has no room. */
  #full = false
  /** No more bytes will come: the upstream is done, or something broke. */
  #ended: 'no' | 'end' | 'broken' = 'no'
  #lost = false
  #error: Error = new Error('the connection to the upstream ended before an answer')

  constructor({ socket, readyEvent }: Dialled, owner: Owner) {
    this.#socket = socket
    this.#owner = owner
    this.#since = owner.now()
    const onError = (error: Error): void => {
      this.#error = error
    }
    this.#listeners = [
      ['data', (chunk: Buffer) => this.#onData(chunk)],
      ['drain', () => this.#sender?.drained()],
      ['end', () => this.#onEnd('end')],
      ['close', () => this.#onClose()],
      ['error', onError],
    ]
    for (const [event, listener] of this.#listeners) socket.on(event, listener as () => void)
    socket.once(readyEvent, () => this.#onReady())
  }

  get usable(): boolean {
    return !this.#lost && this.#ended === 'no'
  }

  /** Since when it is idle. */
  get since(): number {
    return this.#since
  }

  /** Sends the request, as soon as the connection stands. The connection is idle, or new. */
  send(exchange: Exchange): void {
    this.#exchange = exchange
    this.#heard = false
    this.#since = this.#owner.now()
    this.#parser.expect(exchange.request.method)
    exchange.carrier = this
    if (this.#state !== 'dialling') this.#write(exchange)
  }

  resume(): void {
    if (this.#full) this.moved()
    this.#full = false
    this.#pump()
    if (!this.#holdsBack() && this.#socket.isPaused()) this.#socket.resume()
  }

  abandon(): void {
    this.#exchange = null
    this.destroy()
  }

  moved(): void {
    this.#since = this.#owner.now()
  }

  brokeOff(): void {
    this.end(new Error('the request broke off'))
  }

  /** Ends what takes too long; called once a sweep. */
  check(patience: Patience): void {
    const waited = this.#owner.now() - this.#since
    if (this.#state === 'dialling') {
      if (waited > patience.connect) this.#fail('late', new Error('the upstream took too long to connect to'))
    } else if (this.#exchange === null) {
      if ((waited + 1) * patience.sweepMs > this.#idleMs) this.destroy()
    } else if (this.#exchange.answered) {
      // A sink that is full is the client's doing.
      if (!this.#full && waited > patience.silence) this.#fail('late', new Error('the upstream fell silent'))
    } else if (this.#sender?.waits !== false && waited > patience.answer) {
      this.#fail('late', new Error('the upstream took too long to answer'))
    }
  }

  destroy(): void {
    this.#lose(null)
    this.#sender?.stop()
    this.#socket.destroy()
  }

  /** As `destroy`, and tells who waits for an answer. */
  end(error: Error): void {
    this.#fail('refused', error)
  }

  /** Resolves when nothing of it is left. */
  async closed(): Promise<void> {
    if (!this.#socket.closed) await new Promise<void>((resolve) => this.#socket.once('close', resolve))
  }

  #onReady(): void {
    this.#state = 'new'
    this.moved()
    if (this.#exchange !== null) this.#write(this.#exchange)
  }

  #write({ head, request }: Exchange): void {
    this.#sender = writeRequest(this.#socket, head, request.body, this)
    this.#sender?.begin()
  }

  #onData(chunk: Buffer): void {
    if (this.#exchange === null) {
      // Nobody has asked for it (CWE-444): it must not become the answer to the next request.
      this.destroy()
    } else if (this.#holdsBack()) {
      this.#socket.pause()
      this.#socket.unshift(chunk)
    } else {
      this.#heard = true
      // Of a head, only the whole counts: one that comes a byte at a time is late too.
      if (this.#exchange.answered) this.moved()
      this.#parser.feed(chunk)
      this.#pump()
    }
  }

  #onEnd(how: 'end' | 'broken'): void {
    if (this.#ended === 'no') this.#ended = how
    if (this.#exchange === null) this.destroy()
    else if (!this.#holdsBack()) this.#pump()
  }

  #onClose(): void {
    this.#onEnd('broken')
    // An answer whose end is in hand may still wait for its reader.
    this.#lose(null)
  }

  /** Whether what has arrived has nowhere to go for now. */
  #holdsBack(): boolean {
    return this.#full || this.#exchange?.held === true
  }

  /** Goes through the bytes in hand as far as the sink takes them. */
  #pump(): void {
    for (let exchange = this.#exchange; exchange !== null && !this.#holdsBack(); exchange = this.#exchange) {
      const step = this.#parser.next()
      if (step === 'head') this.#onHead(exchange)
      else if (step === 'data') this.#onPiece(exchange)
      else if (step === 'end') this.#onWhole(exchange)
      else if (step === 'broken') this.end(new Error(this.#parser.fault))
      else if (this.#ended === 'no') return
      else this.#atEnd(exchange)
    }
  }

  #onPiece(exchange: Exchange): void {
    if (exchange.data(this.#parser.piece)) return
    this.#full = true
    this.#socket.pause()
  }

  /** All bytes are used, and no more will come. */
  #atEnd(exchange: Exchange): void {
    if (this.#ended === 'end' && this.#parser.finish() === 'end') this.#onWhole(exchange)
    else this.#fail(isTimeOut(this.#error) ? 'late' : 'refused', this.#error)
  }

  #onHead(exchange: Exchange): void {
    const head = this.#parser.head
    if (head === null) return
    if (head.status === switchingProtocols) {
      if (typeof exchange.request.upgrade === 'string') this.#handOver(exchange)
      else this.end(new Error('the upstream switched to a protocol that nobody had asked for'))
    } else if (head.status === earlyHints) exchange.onHints(head.headers)
    else if (head.status >= firstFinalStatus) {
      // RFC 9112 §9.5: who is refused stops sending. Any other early answer may depend on what is still to come.
      if (head.status >= firstRefusal) this.#sender?.stop()
      this.moved()
      exchange.answer(head, null)
    }
  }

  #onWhole(exchange: Exchange): void {
    const reusable = this.#isReusable(exchange)
    this.#exchange = null
    exchange.whole()
    if (reusable) {
      this.#state = 'used'
      this.moved()
      this.#owner.idle(this)
    } else this.destroy()
  }

  /** Only where both sides go on, the request went out whole, and nothing came behind the answer. */
  #isReusable({ request }: Exchange): boolean {
    const { framing, hasMore } = this.#parser
    const { readableLength, writableLength } = this.#socket
    if (framing?.persistent !== true || hasMore || !this.usable || this.#socket.destroyed) return false
    if (readableLength > 0 || writableLength > 0 || typeof request.upgrade === 'string') return false
    if (this.#sender?.done === false) return false
    const { keptSeconds } = framing
    const hintMs = keptSeconds === null ? upstreamIdleTimeMaxMs : keptSeconds * 1000 - upstreamIdleMarginMs
    this.#idleMs = Math.min(hintMs, upstreamIdleHintMaxMs)
    return this.#idleMs > 0
  }

  /** After a 101 the connection is no longer HTTP's, nor ours. */
  #handOver(exchange: Exchange): void {
    const socket = this.#socket
    const head = this.#parser.head
    const rest = this.#parser.rest()
    this.#exchange = null
    this.#lose(null)
    for (const [event, listener] of this.#listeners) socket.off(event, listener as () => void)
    // Until somebody else listens, an error must not end the process.
    socket.on('error', () => socket.destroy())
    socket.pause()
    if (rest.length > 0) socket.unshift(rest)
    if (head === null || exchange.done) socket.destroy()
    else exchange.answer(head, socket)
  }

  #fail(kind: UpstreamErrorKind, error: Error): void {
    const exchange = this.#exchange
    this.#exchange = null
    if (exchange !== null && kind === 'refused' && this.#mayRetry(exchange)) this.#lose(exchange)
    else exchange?.fail(kind, error)
    this.destroy()
  }

  /** An idle connection may be closed at the very moment of a request, which then was never read. Once is enough: its next is a new one. */
  #mayRetry({ request }: Exchange): boolean {
    return this.#state === 'used' && !this.#heard && !this.#lost && isRepeatable(request)
  }

  #lose(again: Exchange | null): void {
    if (this.#lost) return
    this.#lost = true
    this.#owner.lost(this, again)
  }
}

function isTimeOut(error: Error & { code?: string }): boolean {
  return error.code === 'ETIMEDOUT'
}
