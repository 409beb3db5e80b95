/** An answer over HTTP/2 (RFC 9113 §8.1). */
import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Outgoing } from '../message.ts'

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants
const [keepGoing, earlyHints] = [100, 103]
/** Of these nothing but a head is sent (RFC 9110 §6.4.1), whatever the upstream said of their length. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/** A class, as http1/answer.ts says. */
export class Http2Answer implements Outgoing {
  readonly #stream: ServerHttp2Stream
  readonly #toHead: boolean
  #begun = false
  #bodiless = false

  /** `toHead`: the answer of a HEAD, which has no body. */
  constructor(stream: ServerHttp2Stream, toHead: boolean) {
    this.#stream = stream
    this.#toHead = toHead
    stream.once('finish', () => this.#endUnread())
  }

  get begun(): boolean {
    return this.#begun
  }

  get ended(): boolean {
    return this.#stream.writableEnded
  }

  get gone(): boolean {
    return this.#stream.destroyed || this.#stream.closed
  }

  sendContinue(): void {
    if (!this.gone) this.#stream.additionalHeaders({ ':status': keepGoing })
  }

  sendHints(fields: readonly string[]): void {
    if (this.gone || this.#begun) return
    const named: Record<string, string[]> = Object.create(null)
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const name = (fields[i] ?? '').toLowerCase()
      named[name] = [...(named[name] ?? []), fields[i + 1] ?? '']
    }
    try {
      this.#stream.additionalHeaders({ ...named, ':status': earlyHints })
    } catch {
      // As http1/answer.ts says of hints.
    }
  }

  sendHead(status: number, _statusText: string, fields: string[]): void {
    if (this.gone) return
    const all = [':status', String(status)]
    // RFC 9113 §8.2: names are in lower case.
    for (let i = 0; i + 1 < fields.length; i += 2) all.push((fields[i] ?? '').toLowerCase(), fields[i + 1] ?? '')
    this.#bodiless = this.#toHead || bodiless.has(status)
    this.#stream.respond(all, { endStream: this.#bodiless })
    this.#begun = true
  }

  /** No head waits: nghttp2 gathers what is written in one turn by itself. */
  flushHead(): void {}

  write(chunk: Buffer): boolean {
    return this.#bodiless || this.gone || this.#stream.write(chunk)
  }

  end(chunk?: Buffer | string): void {
    if (this.#bodiless || this.gone) return
    if (chunk === undefined) this.#stream.end()
    else this.#stream.end(chunk)
  }

  cut(): void {
    this.#stream.close(NGHTTP2_INTERNAL_ERROR)
  }

  /** Each message ends by itself here, whatever is wrong with the one before. */
  isLast(): void {}

  onDrain(then: () => void): void {
    this.#stream.on('drain', then)
  }

  onClose(then: () => void): void {
    this.#stream.once('close', then)
  }

  /** The client need not send what nobody reads (RFC 9113 §8.1); what has come already is thrown away. */
  #endUnread(): void {
    const stream = this.#stream
    if (stream.readableEnded) return
    stream.resume()
    if (!stream.destroyed && stream.state.remoteClose !== 1) stream.close(NGHTTP2_NO_ERROR)
  }
}
