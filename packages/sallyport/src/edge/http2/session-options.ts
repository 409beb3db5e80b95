/** How nghttp2 is bounded, connection by connection. Measured against the attacks that the lines name. */
import type { ServerOptions } from 'node:http2'
import {
  type EdgeBounds,
  http2FieldsMax,
  http2InvalidFramesMax,
  http2RejectedStreamsMax,
  http2ResetsBurstMax,
  http2ResetsPerSecondMax,
  http2SessionMegabytesMax,
  http2StreamsMax,
  http2WindowBytesMax,
} from '../bounds.ts'

/** Pseudo fields of a request: method, path, scheme, authority. */
const pseudoFields = 4

/** How many fields a request may have over HTTP/2. */
export function fieldsMax(headerFieldsMax: number): number {
  return Math.min(headerFieldsMax, http2FieldsMax)
}

export function sessionOptions({ headerBytesMax, headerFieldsMax }: EdgeBounds): ServerOptions {
  return {
    // One more, as in HTTP/1.1: the `http` stage sees and refuses it, with a decision; over that, nghttp2 resets the stream.
    maxHeaderListPairs: fieldsMax(headerFieldsMax) + pseudoFields + 1,
    maxSessionMemory: http2SessionMegabytesMax,
    maxSessionInvalidFrames: http2InvalidFramesMax,
    maxSessionRejectedStreams: http2RejectedStreamsMax,
    streamResetBurst: http2ResetsBurstMax,
    streamResetRate: http2ResetsPerSecondMax,
    settings: {
      enablePush: false,
      initialWindowSize: http2WindowBytesMax,
      maxConcurrentStreams: http2StreamsMax,
      maxHeaderListSize: headerBytesMax,
    },
  }
}
