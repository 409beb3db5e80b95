/** A request body that is longer than what is inspected, on its way to the upstream: its beginning from memory, which was judged, and the rest as it
 *  comes, no faster than the upstream takes it. */
import { fieldOf } from './headers.ts'
import type { EdgeRequest } from './request.ts'
import type { BodySink, RequestBody } from './upstream.ts'

export interface PassedBody extends RequestBody {
  /** Whether the client did not send it whole. */
  readonly brokeOff: () => boolean
}

/** Of a request whose `bodyGoesOn`. Counts what passes in its `bodyBytes`. */
export function passedBody(request: EdgeRequest): PassedBody {
  const { isWhole, body } = request.incoming
  const broken = request.broken.signal
  const length = fieldOf(request.rawHeaders, 'content-length')
  let brokeOff = false
  let stop = (): void => undefined
  const read = (sink: BodySink): void => {
    const fail = (): void => {
      brokeOff = true
      stop()
      sink.failed()
    }
    const onData = (chunk: Buffer): void => {
      request.bodyBytes += chunk.length
      if (!sink.data(chunk)) body.pause()
    }
    const onEnd = (): void => {
      if (!isWhole()) {
        fail()
        return
      }
      stop()
      sink.end()
    }
    stop = () => {
      body.off('data', onData).off('end', onEnd).off('close', fail)
      broken.removeEventListener('abort', fail)
      body.pause()
    }
    // It may have broken off while the connection to the upstream was made.
    if (broken.aborted || body.destroyed) {
      fail()
      return
    }
    broken.addEventListener('abort', fail)
    const hasRoom = sink.data(request.body ?? Buffer.alloc(0))
    body.on('data', onData).on('end', onEnd).on('close', fail)
    if (hasRoom) body.resume()
    else body.pause()
  }
  return {
    length: length === null ? null : Number(length),
    read,
    resume: () => void body.resume(),
    stop: () => stop(),
    brokeOff: () => brokeOff,
  }
}
