/** The connections to one origin: the one used last is used next, so that those in excess grow idle and are closed. What finds none waits
 *  in line, for a bounded time. All times are kept by one sweep, which runs while there is anything to keep. */
import { upstreamWaitingMax, upstreamWaitTimeMaxMs } from '../bounds.ts'
import {
  type Answer,
  type OnHints,
  type Upstream,
  UpstreamError,
  type UpstreamRequest,
  type UpstreamSettings,
} from '../upstream.ts'
import { Connection, type Owner, type Patience } from './connection.ts'
import type { Dial } from './dial.ts'
import { type Carrier, Exchange, isRepeatable } from './exchange.ts'
import { requestHead } from './request-head.ts'

const sweepMsMax = 1000
const sweepMsMin = 10

export class Pool implements Upstream, Owner, Carrier {
  readonly #dial: Dial
  readonly #authority: string
  readonly #connectionsMax: number
  readonly #patience: Patience
  readonly #waitSweeps: number
  readonly #open = new Set<Connection>()
  readonly #idle: Connection[] = []
  readonly #waiting = new Set<Exchange>()
  #sweeps = 0
  #sweep: NodeJS.Timeout | null = null
  #closed = false

  constructor(dial: Dial, authority: string, settings: UpstreamSettings) {
    const { connectMs, answerMs, silenceMs, connectionsMax } = settings
    this.#dial = dial
    this.#authority = authority
    this.#connectionsMax = connectionsMax
    const sweepMs = Math.max(sweepMsMin, Math.min(sweepMsMax, Math.min(connectMs, answerMs, silenceMs) / 4))
    // One more, for the first may come at once.
    const sweeps = (ms: number): number => Math.ceil(ms / sweepMs) + 1
    this.#patience = { connect: sweeps(connectMs), answer: sweeps(answerMs), silence: sweeps(silenceMs), sweepMs }
    this.#waitSweeps = sweeps(upstreamWaitTimeMaxMs)
  }

  send(request: UpstreamRequest, signal: AbortSignal, onHints: OnHints = ignored): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let head: string
      try {
        head = requestHead(request, this.#authority)
      } catch (error) {
        return reject(new UpstreamError('refused', error as Error))
      }
      const exchange = new Exchange(request, head, signal, onHints, { resolve, reject })
      this.#place(exchange)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const exchange of this.#waiting) exchange.fail('refused', closed)
    this.#waiting.clear()
    const open = [...this.#open]
    for (const connection of open) connection.end(closed)
    await Promise.all(open.map((connection) => connection.closed()))
  }

  now(): number {
    return this.#sweeps
  }

  idle(connection: Connection): void {
    const next = this.#firstWaiting()
    if (next === null) this.#idle.push(connection)
    else connection.send(next)
  }

  lost(connection: Connection, again: Exchange | null): void {
    this.#open.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at !== -1) this.#idle.splice(at, 1)
    const next = again ?? this.#firstWaiting()
    if (next !== null) this.#connect(next)
  }

  /** Of those that wait: nothing is held back here. */
  resume(): void {}

  abandon(exchange: Exchange): void {
    this.#waiting.delete(exchange)
  }

  #place(exchange: Exchange): void {
    if (exchange.done) return
    const connection = this.#idle.pop()
    if (connection !== undefined) this.#reuse(connection, exchange)
    else if (this.#open.size < this.#connectionsMax) this.#connect(exchange)
    else if (this.#waiting.size < upstreamWaitingMax) {
      exchange.since = this.#sweeps
      exchange.carrier = this
      this.#waiting.add(exchange)
      this.#beginSweeps()
    } else exchange.fail('busy', new Error('too many requests wait for the upstream'))
  }

  /** What may not be sent twice should not meet a connection that the upstream has just closed: of one that was idle for a while, what has
   *  arrived is read first. */
  #reuse(connection: Connection, exchange: Exchange): void {
    if (isRepeatable(exchange.request) || connection.since === this.#sweeps) {
      connection.send(exchange)
      return
    }
    const send = (): void => {
      if (!connection.usable) this.#place(exchange)
      else if (exchange.done) this.idle(connection)
      else connection.send(exchange)
    }
    // The first comes before sockets are asked again, the second behind that.
    setImmediate(() => setImmediate(send))
  }

  #connect(exchange: Exchange): void {
    if (this.#closed) {
      exchange.fail('refused', closed)
      return
    }
    try {
      const connection = new Connection(this.#dial(), this)
      this.#open.add(connection)
      connection.send(exchange)
    } catch (error) {
      exchange.fail('refused', error as Error)
    }
    this.#beginSweeps()
  }

  #beginSweeps(): void {
    this.#sweep ??= setInterval(() => this.#check(), this.#patience.sweepMs).unref()
  }

  #firstWaiting(): Exchange | null {
    for (const exchange of this.#waiting) {
      this.#waiting.delete(exchange)
      return exchange
    }
    return null
  }

  #check(): void {
    this.#sweeps++
    for (const connection of this.#open) connection.check(this.#patience)
    for (const exchange of this.#waiting) {
      // In the order in which they came: those behind it have waited less.
      if (this.#sweeps - exchange.since <= this.#waitSweeps) break
      this.#waiting.delete(exchange)
      exchange.fail('busy', new Error('no connection to the upstream became free'))
    }
    if (this.#open.size > 0 || this.#waiting.size > 0 || this.#sweep === null) return
    clearInterval(this.#sweep)
    this.#sweep = null
  }
}

const closed = new Error('the pool is closed')
const ignored: OnHints = () => undefined
