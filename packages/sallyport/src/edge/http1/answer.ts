/** An answer over HTTP/1.1. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Outgoing } from '../message.ts'

const earlyHints = 103

/** A class, unlike its like elsewhere: one is made for each request, and its methods should not be. */
export class Http1Answer implements Outgoing {
  readonly #message: IncomingMessage
  readonly #response: ServerResponse

  constructor(message: IncomingMessage, response: ServerResponse) {
    this.#message = message
    this.#response = response
    // Bytes of a body that nobody wanted are read and thrown away: left on the connection they would become the next request (CVE-2025-4366).
    response.once('finish', () => message.resume())
  }

  get begun(): boolean {
    return this.#response.headersSent
  }

  get ended(): boolean {
    return this.#response.writableEnded
  }

  get gone(): boolean {
    return this.#response.destroyed
  }

  sendContinue(): void {
    this.#response.writeContinue()
  }

  /** HTTP/1.0 has no such answers. */
  sendHints(fields: readonly string[]): void {
    if (this.#message.httpVersion !== '1.1' || this.gone) return
    try {
      this.#response.writeInformation(earlyHints, [...fields])
    } catch {
      // A field that no HTTP message may hold (RFC 9110 §5.5): hints are of no use later, and none is missed.
    }
  }

  sendHead(status: number, statusText: string, fields: string[]): void {
    this.#response.writeHead(status, statusText, fields)
  }

  flushHead(): void {
    this.#response.flushHeaders()
  }

  write(chunk: Buffer): boolean {
    return this.#response.write(chunk)
  }

  end(chunk?: Buffer | string): void {
    this.#response.end(chunk)
  }

  cut(): void {
    this.#response.destroy()
  }

  isLast(): void {
    this.#response.shouldKeepAlive = false
  }

  onDrain(then: () => void): void {
    this.#response.on('drain', then)
  }

  onClose(then: () => void): void {
    this.#response.once('close', then)
  }
}
