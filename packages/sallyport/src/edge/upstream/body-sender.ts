/** Writes a streamed request body to a connection: as many bytes as its length says, or in chunks (RFC 9112 §7.1). */
import type { Socket } from 'node:net'
import type { RequestBody } from '../upstream.ts'

/** Who is told how it goes. */
export interface Progress {
  /** Bytes went on their way. */
  readonly moved: () => void
  /** The body will not be whole, and what was sent of it must not be taken for whole. */
  readonly brokeOff: () => void
}

export class BodySender {
  readonly #socket: Socket
  readonly #head: string
  readonly #body: RequestBody
  readonly #progress: Progress
  #sent = 0
  #state: 'sending' | 'full' | 'done' | 'stopped' = 'sending'

  constructor(socket: Socket, head: string, body: RequestBody, progress: Progress) {
    this.#socket = socket
    this.#head = head
    this.#body = body
    this.#progress = progress
  }

  /** Writes the head, and with it what the body has at hand. Called once, by whoever has kept this: the body may end, or break off, at once. */
  begin(): void {
    this.#socket.cork()
    this.#socket.write(this.#head, 'latin1')
    this.#body.read({
      data: (chunk) => this.#data(chunk),
      end: () => this.#end(),
      failed: () => this.#fail(),
    })
    this.#socket.uncork()
  }

  /** All of it is written. */
  get done(): boolean {
    return this.#state === 'done'
  }

  /** Whether the next step is the upstream's, not the body's. */
  get waits(): boolean {
    return this.#state !== 'sending'
  }

  /** The connection has room again. */
  drained(): void {
    if (this.#state !== 'full') return
    this.#state = 'sending'
    this.#progress.moved()
    this.#body.resume()
  }

  /** Takes no more of the body. */
  stop(): void {
    if (this.#isOver()) return
    this.#state = 'stopped'
    this.#body.stop()
  }

  #isOver(): boolean {
    return this.#state === 'done' || this.#state === 'stopped'
  }

  #data(chunk: Buffer): boolean {
    if (this.#isOver()) return false
    // A chunk of no bytes would end the body.
    if (chunk.length === 0) return this.#state === 'sending'
    const { length } = this.#body
    this.#sent += chunk.length
    // Bytes behind the length would be the upstream's next request.
    if (length !== null && this.#sent > length) {
      this.#fail()
      return false
    }
    const hasRoom = length === null ? this.#writeChunk(chunk) : this.#socket.write(chunk)
    this.#state = hasRoom ? 'sending' : 'full'
    this.#progress.moved()
    return hasRoom
  }

  #writeChunk(chunk: Buffer): boolean {
    this.#socket.cork()
    this.#socket.write(`${chunk.length.toString(0x10)}\r\n`, 'latin1')
    this.#socket.write(chunk)
    const hasRoom = this.#socket.write('\r\n', 'latin1')
    this.#socket.uncork()
    return hasRoom
  }

  #end(): void {
    if (this.#isOver()) return
    const { length } = this.#body
    if (length !== null && this.#sent < length) {
      this.#fail()
      return
    }
    if (length === null) this.#socket.write('0\r\n\r\n', 'latin1')
    this.#state = 'done'
    this.#progress.moved()
  }

  #fail(): void {
    if (this.#isOver()) return
    this.stop()
    this.#progress.brokeOff()
  }
}
