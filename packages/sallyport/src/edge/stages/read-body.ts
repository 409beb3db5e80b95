/** Reads a short body whole; leaves a long one to stream. Decides `protocol` alone: 400 for a body that
 *  breaks off, and what `framing` decided of one whose bytes cannot be read.
 *  The first stage that waits for bytes: whoever is refused before it costs none. Reads nothing of the snapshot. */
import { Readable } from 'node:stream'
import { bodyBufferBytesMax } from '../bounds.ts'
import { type Decision, decide, type Outcome, proceed } from '../decision.ts'
import { fieldOf } from '../headers.ts'
import type { EdgeRequest } from '../request.ts'
import type { Stage } from '../stage.ts'

export const readBody: Stage = (request) => {
  const { rawHeaders } = request
  const length = fieldOf(rawHeaders, 'content-length')
  // RFC 9112 §6.3: without either field a request has no body.
  if (length === null && fieldOf(rawHeaders, 'transfer-encoding') === null) return proceed
  if (fieldOf(rawHeaders, 'expect') !== null) request.outgoing.writeContinue()
  if (Number(length) > bodyBufferBytesMax) {
    request.body = { kind: 'stream', open: () => streamed(request, []) }
    return proceed
  }
  return collect(request)
}

/** Reads until the end or until the bound is passed, whichever comes first. */
function collect(request: EdgeRequest): Promise<Outcome> {
  const { incoming } = request
  const broken = request.broken.signal
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    const stop = (outcome: Outcome): void => {
      incoming.off('data', onData).off('end', onEnd).off('close', onClose)
      broken.removeEventListener('abort', onBroken)
      resolve(outcome)
    }
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      request.bodyBytes += chunk.length
      if (request.bodyBytes <= bodyBufferBytesMax) return
      incoming.pause()
      request.body = { kind: 'stream', open: () => streamed(request, chunks) }
      stop(proceed)
    }
    const onEnd = (): void => {
      request.body = { kind: 'whole', bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) }
      stop(proceed)
    }
    const onClose = (): void => stop(decide('protocol', 400))
    const onBroken = (): void => stop(broken.reason as Decision)
    broken.addEventListener('abort', onBroken)
    incoming.on('data', onData).on('end', onEnd).on('close', onClose)
  })
}

/** The body as a stream of its own: whoever destroys it ends the forwarding, not the client's connection, which still waits for an answer. */
function streamed(request: EdgeRequest, first: readonly Buffer[]): Readable {
  const { incoming } = request
  const broken = request.broken.signal
  const body = new Readable({
    read: () => void incoming.resume(),
    destroy(error, done) {
      incoming.off('data', onData).off('end', onEnd).off('close', onBroken)
      broken.removeEventListener('abort', onBroken)
      done(error)
    },
  })
  const onData = (chunk: Buffer): void => {
    request.bodyBytes += chunk.length
    if (!body.push(chunk)) incoming.pause()
  }
  const onEnd = (): void => void body.push(null)
  // A body cut short must not arrive as a shorter whole one (RFC 9112 §8).
  const onBroken = (): void => void (incoming.complete || body.destroy(new Error('the body broke off')))
  for (const chunk of first) body.push(chunk)
  incoming.on('data', onData).on('end', onEnd).on('close', onBroken)
  broken.addEventListener('abort', onBroken)
  incoming.pause()
  return body
}
