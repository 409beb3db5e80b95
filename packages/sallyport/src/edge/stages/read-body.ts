/** Reads the body whole, so that rules may judge all of it; where its route lets longer ones pass, up to its bound. Decides `protocol`
 *  alone: 413 for one over its bound, as it comes or decoded; 415 for one that is encoded, where its route does not have it decoded;
 *  400 for one that breaks off, is not what its coding says, or may not have been read at all; and what `framing` decided of one
 *  whose bytes cannot be read. The first stage that waits for bytes: whoever is refused before it costs none. Reads what the route
 *  says of bodies. */
import { bodyInspectBytesMax } from '../bounds.ts'
import { type Decision, decide, type Outcome, proceed } from '../decision.ts'
import { codingsOf, decode } from '../decoding.ts'
import { fieldOf } from '../headers.ts'
import type { EdgeRequest } from '../request.ts'
import type { Stage } from '../stage.ts'

export const readBody: Stage = (request) => {
  const { rawHeaders, incoming, outgoing } = request
  if (!incoming.hasBody) return proceed
  const length = fieldOf(rawHeaders, 'content-length')
  const bytesMax = request.route?.inspectBytesMax ?? bodyInspectBytesMax
  const codings = codingsOf(fieldOf(rawHeaders, 'content-encoding') ?? 'identity')
  // Of an encoded body the beginning says nothing of the rest, and may not even be decoded without it.
  const mayPass = request.route?.over === 'pass' && codings?.length === 0
  if (Number(length) > bytesMax && !mayPass) return decide('protocol', 413)
  if (codings === null) return decide('protocol', 415)
  if (codings.length > 0 && request.route?.encoded !== 'decode') return decide('protocol', 415)
  if (fieldOf(rawHeaders, 'expect') !== null) outgoing.sendContinue()
  const read = collect(request, bytesMax, mayPass)
  return codings.length === 0 ? read : decodeRead(request, read, codings, bytesMax)
}

async function decodeRead(
  request: EdgeRequest,
  read: Promise<Outcome>,
  codings: readonly string[],
  bytesMax: number,
): Promise<Outcome> {
  const outcome = await read
  if (outcome !== proceed || request.body === null || request.bodyBytes === 0) return outcome
  const decoded = await decode(request.body, codings, bytesMax)
  if (decoded === 'unreadable') return decide('protocol', 400)
  if (decoded === 'tooLong') return decide('protocol', 413)
  request.decodedBody = decoded
  return proceed
}

/** Reads until the end or until the bound is passed, whichever comes first. */
function collect(request: EdgeRequest, bytesMax: number, mayPass: boolean): Promise<Outcome> {
  const { isWhole, body } = request.incoming
  const broken = request.broken.signal
  const chunks: Buffer[] = []
  // Sent ahead of its turn, it may have broken off while it waited.
  if (broken.aborted) return Promise.resolve(broken.reason as Decision)
  return new Promise((resolve) => {
    const stop = (outcome: Outcome): void => {
      body.off('data', onData).off('end', onEnd).off('close', onClose)
      broken.removeEventListener('abort', onBroken)
      resolve(outcome)
    }
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      request.bodyBytes += chunk.length
      if (request.bodyBytes <= bytesMax) return
      body.pause()
      if (mayPass) request.body = Buffer.concat(chunks)
      request.bodyGoesOn = mayPass
      stop(mayPass ? proceed : decide('protocol', 413))
    }
    const onEnd = (): void => {
      request.body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      stop(isWhole() && !mayBeUnread(request) ? proceed : decide('protocol', 400))
    }
    const onClose = (): void => stop(decide('protocol', 400))
    const onBroken = (): void => stop(broken.reason as Decision)
    broken.addEventListener('abort', onBroken)
    body.on('data', onData).on('end', onEnd).on('close', onClose)
    // An HTTP/2 body of no bytes may have ended before anybody asked for it: nothing says so again.
    if (body.readableEnded) onEnd()
    else if (body.destroyed) onClose()
  })
}

/** Asked to upgrade, Node's parser takes a coding that it does not read as `chunked` (a tab behind it suffices) for no body at all, and
 *  without the request to upgrade it refuses the same bytes. The chunks are then read by nobody. An empty body looks the same, and is
 *  as little worth a chunk. */
function mayBeUnread({ bodyBytes, rawHeaders }: EdgeRequest): boolean {
  return bodyBytes === 0 && fieldOf(rawHeaders, 'upgrade') !== null && fieldOf(rawHeaders, 'transfer-encoding') !== null
}
